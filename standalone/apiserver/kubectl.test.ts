// An unmodified kubectl accepts this server as Kubernetes.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runTool, type ToolError } from "@knvirt/tools";
import { writeKubeconfig } from "./index.ts";
import { definitions, widgetDefinition } from "./testing/samples.ts";
import { admin, startTestServer, type TestServer } from "./testing/test-server.ts";

function hasKubectl(): boolean {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function lineMatching(lines: AsyncIterator<string>, wanted: RegExp): Promise<void> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the output ended before ${wanted}`);
    if (wanted.test(value)) return;
  }
}

const suite = hasKubectl() ? describe : describe.skip;

suite("kubectl (skipped where it is not on the PATH)", () => {
  let server: TestServer;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await startTestServer({
      async *podLog({ container }) {
        yield `${container} says hello\n`;
      },
    });
    await server.post(definitions, widgetDefinition());
    const path = join(server.dataDir, "kubeconfig");
    writeKubeconfig(path, { url: server.url, ca: server.ca, username: admin.username, token: admin.token });
    environment = {
      ...process.env,
      KUBECONFIG: path,
      KUBECACHEDIR: join(server.dataDir, "cache"),
      HOME: server.dataDir,
    };
  });
  afterAll(() => server.close());

  function kubectl(command: string, extra: NodeJS.ProcessEnv = {}): Promise<string> {
    const words = command.split(/(?<!\\) /).map((word) => word.replaceAll("\\ ", " "));
    return runTool("kubectl", words, { env: { ...environment, ...extra } });
  }

  const refused = (command: string): Promise<string> =>
    kubectl(command).then(
      (output) => Promise.reject(new Error(`not refused: ${output}`)),
      (error: ToolError) => error.stderr,
    );

  async function manifest(name: string, size: number, more = ""): Promise<string> {
    const path = join(server.dataDir, `${name}.yaml`);
    const text = `apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: ${name}\nspec:\n  size: ${size}\n${more}`;
    await writeFile(path, text);
    return path;
  }

  test("lists what is served", async () => {
    expect(await kubectl("api-resources")).toMatch(/widgets +wd +example.com\/v1 +true +Widget/);
    expect(await kubectl("api-versions")).toContain("example.com/v1beta1");
    expect(await kubectl("version")).toMatch(/Server Version: v1\.\d+/);
  });

  test("applies, shows, changes and deletes", async () => {
    const file = await manifest("first", 3);
    expect(await kubectl(`apply -f ${file}`)).toContain("widget.example.com/first created");
    expect(await kubectl(`apply -f ${file}`)).toContain("unchanged");
    await manifest("first", 4);
    expect(await kubectl(`diff -f ${file}`).catch(({ stdout }) => stdout)).toContain("+  size: 4");
    expect(await kubectl(`apply -f ${file}`)).toContain("configured");
    expect(await kubectl("get wd")).toMatch(/NAME +SIZE +AGE\nfirst +4 +\d+s/);
    expect(await kubectl("get all -o name")).toContain("widget.example.com/first");
    expect(await kubectl("describe widget first")).toMatch(/Size: +4/);
    expect(await kubectl("label wd first a=b")).toContain("labeled");
    expect(await kubectl("get wd -l a=b -o jsonpath={.items[0].spec.size}")).toBe("4");
    expect(await kubectl("scale wd first --replicas=5")).toContain("scaled");
    expect(await kubectl("edit wd first", { EDITOR: "sed -i s/colour:.*/colour:\\ green/" })).toContain("edited");
    expect(await kubectl("get wd first -o jsonpath={.spec}")).toBe('{"colour":"green","size":5}');
    expect(await kubectl("delete wd first")).toContain("deleted");
    expect(await refused("get wd first")).toContain('widgets.example.com "first" not found');
  });

  test.each([
    { type: "merge", patch: '{"spec":{"size":6}}', size: "6" },
    { type: "json", patch: '[{"op":"replace","path":"/spec/size","value":7}]', size: "7" },
  ])("patches: $type", async ({ type, patch, size }) => {
    await kubectl(`apply -f ${await manifest("patched", 1)}`);
    expect(await kubectl(`patch wd patched --type=${type} -p ${patch}`)).toContain("patched");
    expect(await kubectl("get wd patched -o jsonpath={.spec.size}")).toBe(size);
    await kubectl("delete wd patched");
  });

  test("applies on the server, and tells of conflicts", async () => {
    const file = await manifest("served", 2);
    expect(await kubectl(`apply --server-side -f ${file}`)).toContain("serverside-applied");
    await manifest("served", 3);
    expect(await refused(`apply --server-side --field-manager=other -f ${file}`)).toContain(
      'conflict with "kubectl": .spec.size',
    );
    expect(await kubectl(`apply --server-side --field-manager=other --force-conflicts -f ${file}`)).toContain(
      "applied",
    );
  });

  test("refuses what is wrong, by its path", async () => {
    expect(await refused(`apply -f ${await manifest("wrong", 99)}`)).toContain("spec.size: Invalid value: 99");
    expect(await refused(`apply -f ${await manifest("wrong", 1, "  foo: 1\n")}`)).toContain(
      'unknown field "spec.foo"',
    );
  });

  test("explains", async () => {
    expect(await kubectl("explain widget.spec")).toMatch(/FIELDS:[\s\S]*size\s+<integer> -required-/);
    expect(await kubectl("explain pod.spec.containers.image")).toContain("FIELD: image <string>");
    expect(await kubectl("explain pod --recursive")).toContain("volumeMounts");
  });

  test("watches", async () => {
    const watching = spawn("kubectl", ["get", "wd", "-w", "--no-headers", "--output-watch-events"], {
      env: environment,
    });
    const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
    const next = (wanted: string): Promise<void> => lineMatching(lines, new RegExp(wanted));
    await kubectl(`apply -f ${await manifest("watched", 1)}`);
    await next("ADDED +watched +1");
    await kubectl("scale wd watched --replicas=2");
    await next("MODIFIED +watched +2");
    await kubectl("delete wd watched");
    await next("DELETED +watched +2");
    watching.kill();
    await once(watching, "exit");
  });

  test("makes built-in objects", async () => {
    expect(await kubectl("create namespace made")).toContain("namespace/made created");
    expect(await kubectl("create configmap c -n made --from-literal=a=b")).toContain("created");
    expect(await kubectl("create secret generic s -n made --from-literal=a=b")).toContain("created");
    expect(await kubectl("get secret s -n made -o jsonpath={.data.a}")).toBe("Yg==");
    expect(await kubectl("run p -n made --image=example.com/i:1 --restart=Never")).toContain("pod/p created");
    expect(await kubectl("get pods -A")).toMatch(/made +p +0\/1 +Pending +0/);
    expect(await kubectl("describe pod p -n made")).toMatch(/Image: +example.com\/i:1/);
    expect(await kubectl("logs p -n made -f")).toBe("p says hello\n");
    expect(await kubectl("delete pod p -n made")).toContain('pod "p" deleted');
    expect(await kubectl("delete namespace made")).toContain("deleted");
  });

  test("asks who it is and what it may", async () => {
    expect(await kubectl("auth whoami")).toMatch(/Username +admin/);
    expect(await kubectl("auth can-i delete pods")).toBe("yes\n");
  });
});
