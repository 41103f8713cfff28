// What upstream has beside the machine itself and this project has not yet: named, so that it is refused by its path.
import { choice, optional, unsupportedList, unsupportedObject } from "./schema.ts";

export const unsupportedOfVm = {
  dataVolumeTemplates: unsupportedList("DataVolumes are not made from templates: make the claim, and name it"),
  instancetype: unsupportedObject("instancetypes are not supported: give the template what it needs"),
  preference: unsupportedObject("preferences are not supported: give the template what it needs"),
  updateVolumesStrategy: optional(
    choice(["Replacement"], "Volumes that are replaced in the template are used from the next start on."),
  ),
};

export const unsupportedOfVmi = {
  resourceClaims: unsupportedList("devices are not claimed for a guest: leave it out"),
  utilityVolumes: unsupportedList("volumes are not plugged into a running launcher: leave it out"),
};
