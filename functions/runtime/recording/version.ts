// Which knvirt made a recording.
export const version = "0.1.0";
