// Takes the shared instance away, its data too.
export default async function tearDownInstance() {
  const { output, code } = await globalThis.knvirtInstance.run(["stop", "--purge"]);
  if (code !== 0) throw new Error(`the shared instance could not be stopped:\n${output}`);
}
