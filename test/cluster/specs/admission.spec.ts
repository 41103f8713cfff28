// What admission refuses, on Kubernetes' own API server: the same table as on that of one machine.
import { testAdmission } from "../../compatibility/admission.ts";
import { sharedHost } from "../../support/shared-host.ts";

const host = sharedHost();

testAdmission(() => host);
