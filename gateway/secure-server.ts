// The TLS server whose certificate, and whose trust in the front proxy, are replaced while connections go on.
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import type { KeyPair } from "@knvirt/certificates";
import type { Caller } from "./authorization.ts";
import { callerOf, type FrontProxy, requireFrontProxy } from "./front-proxy.ts";

export interface SecureServer {
  server: Server;
  /** Resolves when there is a certificate to serve and a front proxy to believe. */
  readonly equipped: Promise<void>;
  serve(pair: KeyPair): void;
  believe(proxy: FrontProxy): void;
  /** Throws 401 unless the front proxy names the caller. */
  callerOf(request: IncomingMessage): Caller;
}

const timeouts = {
  handshakeTimeout: 10_000,
  /** Longer than API servers keep theirs: who ends an idle connection must not be who is about to be asked. */
  keepAliveTimeout: 120_000,
};

export function secureServer(): SecureServer {
  const server = createServer({ ...timeouts, requestCert: true, rejectUnauthorized: false });
  const { promise: equipped, resolve } = Promise.withResolvers<void>();
  let pair: KeyPair | undefined;
  let proxy: FrontProxy | undefined;
  const update = (): void => {
    if (!pair || !proxy) return;
    // New connections only: those that are there keep what they began with.
    server.setSecureContext({ cert: pair.certificate, key: pair.key, ca: proxy.authorities, minVersion: "TLSv1.2" });
    resolve();
  };
  return {
    server,
    equipped,
    serve: (next) => {
      pair = next;
      update();
    },
    believe: (next) => {
      proxy = next;
      update();
    },
    callerOf: (request) => {
      if (!proxy) throw new Error("no front proxy is known, and yet a call was accepted");
      requireFrontProxy(proxy, shownBy(request.socket as TLSSocket), new Date());
      return callerOf(request.headersDistinct, proxy.headers);
    },
  };
}

const shownBy = (socket: TLSSocket) => ({
  isAuthorized: socket.authorized,
  certificate: socket.getPeerX509Certificate(),
  commonName: socket.getPeerCertificate().subject?.CN,
});
