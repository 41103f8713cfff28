// Devices of a VMI: what is asked for, and what is attached unless switched off.
import { disk } from "./disks.ts";
import { networkInterface } from "./interfaces.ts";
import {
  choice,
  flag,
  found,
  list,
  listByKey,
  object,
  optional,
  text,
  unsupportedFlag,
  unsupportedList,
  unsupportedObject,
} from "./schema.ts";

const named = { minLength: 1, maxLength: 63, pattern: "^[A-Za-z0-9._-]+$" };

const input = object("An input device.", {
  name: text("Name.", named),
  bus: optional(choice(["usb", "virtio"], "Bus; usb when left out.")),
  type: optional(choice(["tablet", "keyboard"], "What it is; tablet when left out.")),
});

const watchdog = object("A watchdog: a guest that no longer feeds it is dealt with.", {
  name: text("Name.", named),
  i6300esb: optional(
    object("An Intel 6300ESB; the default.", {
      action: optional(choice(["poweroff", "reset", "shutdown"], "What becomes of the guest; reset when left out.")),
    }),
  ),
});

const sound = object("A sound card. It plays to nobody.", {
  name: text("Name.", named),
  model: optional(choice(["ich9", "ac97"], "Model; ich9 when left out.")),
});

const tpm = object("A TPM 2.0 by emulation. It forgets all when the instance ends.", {
  enabled: optional(flag("It is there; true when left out.")),
  persistent: unsupportedFlag("the state of a TPM lives as long as the instance: leave it out"),
});

const panicDevice = object("A device by which the guest tells that it panicked.", {
  model: optional(choice(["isa", "hyperv"], "Model; isa when left out.")),
});

const modelOf = (place: number): string => `(has(self[${place}].model) ? self[${place}].model : 'isa')`;

const panicDevices = list(panicDevice, "Panic devices, one of each model at most.", {
  maxItems: 2,
  rules: [
    {
      rule: `self.size() < 2 || ${modelOf(0)} != ${modelOf(1)}`,
      ...found("two panic devices of model %s: expected one of each model at most", modelOf(0)),
    },
  ],
});

const video = object("The graphics adapter.", {
  type: optional(
    choice(["vga", "cirrus", "virtio", "ramfb", "bochs"], "Model; vga when left out, and bochs with EFI."),
  ),
});

const unsupported = {
  autoattachVSOCK: unsupportedFlag("VSOCK is not supported: leave it out"),
  clientPassthrough: unsupportedObject("USB devices of clients are not supported: leave it out"),
  downwardMetrics: unsupportedObject("the host's metrics are not shown to guests: leave it out"),
  filesystems: unsupportedList("file systems of the host are not supported: use disks"),
  gpus: unsupportedList("GPUs of the host are not supported: leave it out"),
  hostDevices: unsupportedList("devices of the host are not supported: leave it out"),
};

export const devices = object(
  "Devices of the guest.",
  {
    disks: optional(
      listByKey(["name"], disk, { description: "Disks. A volume without a disk gets one.", maxItems: 128 }),
    ),
    interfaces: optional(listByKey(["name"], networkInterface, { description: "Network interfaces.", maxItems: 32 })),
    inputs: optional(listByKey(["name"], input, { description: "Input devices.", maxItems: 16 })),
    rng: optional(object("A virtio random number generator fed by the host.", {})),
    watchdog: optional(watchdog),
    sound: optional(sound),
    tpm: optional(tpm),
    panicDevices: optional(panicDevices),
    video: optional(video),
    blockMultiQueue: optional(flag("A virtio disk has a queue for each virtual CPU; false when left out.")),
    networkInterfaceMultiqueue: optional(
      flag("A virtio interface has a queue for each virtual CPU, 256 at most; false when left out."),
    ),
    useVirtioTransitional: optional(
      flag("Virtio devices also have the interface from before 1.0, for old guests; false when left out."),
    ),
    disableHotplug: optional(flag("Nothing is plugged into the running guest, which is so at any rate.")),
    autoattachPodInterface: optional(
      flag("Without networks and interfaces, attach the pod network by masquerade; true when left out."),
    ),
    autoattachSerialConsole: optional(flag("Attach a serial console; true when left out.")),
    logSerialConsole: optional(flag("Keep what the guest writes to its serial console; true when left out.")),
    autoattachGraphicsDevice: optional(flag("Attach a graphics adapter with VNC; true when left out.")),
    autoattachInputDevice: optional(flag("Without inputs, attach a tablet; false when left out.")),
    autoattachMemBalloon: optional(flag("Attach a memory balloon; true when left out.")),
    ...unsupported,
  },
  {
    rules: [
      {
        rule: "!has(self.video) || !has(self.autoattachGraphicsDevice) || self.autoattachGraphicsDevice",
        message: "video without a graphics adapter: leave it out, or autoattachGraphicsDevice",
        fieldPath: ".video",
      },
    ],
  },
);
