// GET as text, and a web server that does it for others: a cluster runs this file's text in a pod, to reach other pods.
import { createServer, request as requestPlain, type Server } from "node:http";
import { request as requestSecure } from "node:https";

export interface Get {
  url: string;
  token?: string;
  /** The certificate to believe, for whatever name it is made. */
  certificate?: string;
  /** Believe whatever is shown. */
  anyCertificate?: boolean;
}

export interface Reply {
  code: number;
  text: string;
}

/** What the server answers to a GET. */
export const relayGreeting = "hello from outside";
const patienceMs = 5_000;

/** Throws when nobody answers. */
export function get({ url, token, certificate, anyCertificate = false }: Get): Promise<Reply> {
  const request = url.startsWith("https:") ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        ...(certificate && { ca: certificate, checkServerIdentity: () => undefined }),
        rejectUnauthorized: !anyCertificate,
        headers: token ? { authorization: `Bearer ${token}` } : {},
        timeout: patienceMs,
      },
      (answer) => {
        let text = "";
        answer.on("data", (chunk: Buffer) => {
          text += chunk;
        });
        answer.on("error", reject); // it broke off in the middle
        answer.on("end", () => resolve({ code: answer.statusCode ?? 0, text }));
      },
    );
    call.on("timeout", () => call.destroy(new Error(`${url} did not answer within ${patienceMs} ms`)));
    call.on("error", reject).end();
  });
}

/** Answers a POST of a `Get` with its `Reply`, or with `error`. */
export function serveRelay(port: number): Server {
  const server = createServer((incoming, outgoing) => {
    if (incoming.method === "GET") return void outgoing.end(relayGreeting);
    let body = "";
    incoming.on("data", (chunk: Buffer) => {
      body += chunk;
    });
    incoming.on("end", () => {
      get(JSON.parse(body) as Get).then(
        (reply) => outgoing.end(JSON.stringify(reply)),
        (error: Error) => outgoing.end(JSON.stringify({ error: error.message })),
      );
    });
    return undefined;
  });
  return server.listen(port, "0.0.0.0");
}
