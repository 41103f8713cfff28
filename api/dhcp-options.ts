// What DHCP tells a guest beside its address: where to boot from, the time, and what only the guest knows the meaning of.
import type { Static } from "typebox";
import { integer, list, listByKey, object, optional, text } from "./schema.ts";

const byte = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

/** As much as an option of DHCP holds. */
const value = { minLength: 1, maxLength: 255, pattern: "^[ -~]+$" };

const privateOption = object("An option that is not standardized.", {
  option: integer("Its number.", { minimum: 224, maximum: 254 }),
  value: text("Its value.", value),
});

export const dhcpOptions = object("What the guest is told by DHCP beside its address.", {
  bootFileName: optional(text("File to boot from: option 67.", value)),
  tftpServerName: optional(text("Server that has the file: option 66.", value)),
  ntpServers: optional(
    list(
      text("IPv4 address.", { maxLength: 15, pattern: `^(${byte}[.]){3}${byte}$` }),
      "Servers that tell the time: option 42.",
      { maxItems: 16 },
    ),
  ),
  privateOptions: optional(
    listByKey(["option"], privateOption, { description: "Options of the user's own.", maxItems: 31 }),
  ),
});

export type DhcpOptions = Static<typeof dhcpOptions>;
