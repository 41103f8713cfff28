// The whole domain as a list. A new device is a new file and one word here.
import { domainName } from "@knvirt/api";
import { LauncherError } from "../errors.ts";
import { balloon } from "./balloon.ts";
import { clock } from "./clock.ts";
import { controllers } from "./controllers.ts";
import { type Conversion, vmiText } from "./conversion.ts";
import { cpu, vcpus } from "./cpu.ts";
import { disks } from "./disk.ts";
import { features } from "./features.ts";
import { graphics } from "./graphics.ts";
import { guestAgent } from "./guest-agent.ts";
import { inputs } from "./input.ts";
import { ioThreads } from "./io-threads.ts";
import { memory } from "./memory.ts";
import { networkInterfaces } from "./network-interface.ts";
import { lifecycle, os } from "./os.ts";
import { panicDevices } from "./panic.ts";
import { rng } from "./rng.ts";
import { serialConsole } from "./serial-console.ts";
import { sound } from "./sound.ts";
import { systemInformation } from "./system-information.ts";
import { tpm } from "./tpm.ts";
import { watchdog } from "./watchdog.ts";
import { element, isWritable, serialize, textElement, type XmlElement } from "./xml.ts";

type Section = (conversion: Conversion) => XmlElement[];

const sections: Section[] = [memory, vcpus, ioThreads, systemInformation, os, features, cpu, clock, lifecycle];
const devices: Section[] = [
  controllers,
  disks,
  networkInterfaces,
  serialConsole,
  guestAgent,
  inputs,
  tpm,
  graphics,
  sound,
  watchdog,
  rng,
  panicDevices,
  balloon,
];

export function domainXml(conversion: Conversion): string {
  const all = (parts: Section[]): XmlElement[] => parts.flatMap((part) => part(conversion));
  const xml = serialize(
    element(
      "domain",
      { type: conversion.domainType },
      textElement("name", domainName(conversion.vmi.metadata)),
      ...all(sections),
      element("devices", {}, textElement("emulator", conversion.emulator), ...all(devices)),
    ),
  );
  if (!isWritable(xml))
    throw new LauncherError(
      "InvalidRequest",
      `${vmiText(conversion.vmi)} has a control character in a text of its spec`,
    );
  return `${xml}\n`;
}
