// A function that reacts to a guest's kernel panic: it notes on the virtual machine when that was and how often. It gets
// lifecycle CloudEvents by HTTP (docs/cloudevents.md), needs nothing but Node, and sleeps at zero pods where Knative runs it.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";

const account = process.env.ACCOUNT_DIR ?? "/var/run/secrets/kubernetes.io/serviceaccount";
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443", PORT = "8080" } = process.env;
const lastPanic = "example.com/last-panic";
const panics = "example.com/panics";

/** Calls the API server with the rights of the pod's service account. Undefined for what is not there. */
function api(method, path, patch) {
  const headers = {
    authorization: `Bearer ${readFileSync(`${account}/token`, "utf8").trim()}`,
    ...(patch && { "content-type": "application/merge-patch+json" }),
  };
  const options = { host, port, method, path, headers, ca: readFileSync(`${account}/ca.crt`) };
  return new Promise((resolve, reject) => {
    const call = request(options, async (answer) => {
      const text = (await answer.toArray()).join("");
      if (answer.statusCode < 300) resolve(JSON.parse(text));
      else if (answer.statusCode === 404) resolve(undefined);
      else reject(new Error(`${method} ${path} was answered ${answer.statusCode}: ${text}`));
    });
    call.on("error", reject).end(patch && JSON.stringify(patch));
  });
}

/** The event's id is noted too: an event may come twice. A change by somebody else meanwhile fails the patch. */
async function notePanic({ namespace, name }, { id, time }) {
  const [inNamespace, called] = [namespace, name].map(encodeURIComponent); // whoever reaches us may send what they like
  const path = `/apis/kubevirt.io/v1/namespaces/${inNamespace}/virtualmachines/${called}`;
  const vm = await api("GET", path);
  if (!vm) return; // an instance without a virtual machine, or it is gone
  const { metadata } = vm;
  const noted = metadata.annotations ?? {};
  if (noted[lastPanic]?.endsWith(id)) return;
  const annotations = { [lastPanic]: `${time} ${id}`, [panics]: `${Number(noted[panics] ?? 0) + 1}` };
  await api("PATCH", path, { metadata: { resourceVersion: metadata.resourceVersion, annotations } });
  console.log(`${namespace}/${name} panicked at ${time}`);
}

const server = createServer(async (incoming, answer) => {
  try {
    const body = (await incoming.toArray()).join("");
    const { "ce-type": type, "ce-id": id, "ce-time": time } = incoming.headers;
    if (type === "dev.knvirt.vmi.panicked") await notePanic(JSON.parse(body), { id, time });
    answer.writeHead(204).end();
  } catch (error) {
    console.error(error);
    answer.writeHead(500).end(); // it is sent again
  }
});
server.listen(PORT, () => console.log(`takes events on port ${server.address().port}`));
process.once("SIGTERM", () => server.close());
