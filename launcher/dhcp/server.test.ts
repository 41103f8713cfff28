// Over a real socket, on ports that need no privilege.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, test } from "@jest/globals";
import { quietLog } from "../testing/log.ts";
import { option } from "./options.ts";
import { decode, encode } from "./packet.ts";
import { serveDhcp } from "./server.ts";

test("a client is answered, and noise is not", async () => {
  const client = createSocket("udp4").bind(0, "127.0.0.1");
  await once(client, "listening");
  const mac = "02:00:00:00:00:01";
  const lease = {
    address: "127.0.0.1",
    prefixLength: 8,
    gateway: "127.0.0.2",
    mac,
    hostname: "web",
    mtu: 0,
    dnsServers: [],
    searchDomains: [],
  };
  const ports = { server: 0, client: client.address().port };
  const server = await serveDhcp({ lease, log: quietLog, ports });
  const nobody = "0.0.0.0";
  const none = { clientAddress: nobody, yourAddress: nobody, serverAddress: nobody, relayAddress: nobody };
  const discover = {
    op: 1,
    transaction: 9,
    seconds: 0,
    flags: 0,
    ...none,
    mac,
    options: new Map([[option.messageType, Buffer.of(1)]]),
  };
  client.send("noise", server.port, "127.0.0.1");
  client.send(encode(discover), server.port, "127.0.0.1");
  const [bytes] = (await once(client, "message")) as [Buffer];
  expect(decode(bytes)).toMatchObject({ op: 2, transaction: 9, yourAddress: "127.0.0.1" });
  server.close();
  client.close();
});
