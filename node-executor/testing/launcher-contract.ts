// What the executor relies on in any launcher: the same specification for the scripted one and the real one.
import { expect, it } from "@jest/globals";
import { DomainPhase, type DomainState, type StartRequest } from "@knvirt/proto";
import { eventually } from "../../test/support/eventually.ts";
import { Launcher, type LauncherAddress } from "../launchers.ts";

export interface LauncherUnderTest {
  address: LauncherAddress;
  /** A start that can succeed there. */
  request: StartRequest;
}

/** One life of a launcher, in this order: `prepare` is called once, before a domain was ever started. */
export function launcherContract(prepare: () => Promise<LauncherUnderTest>): void {
  const seen: DomainState[] = [];
  let under: LauncherUnderTest;
  let launcher: Launcher;

  it("tells its state as soon as somebody watches", async () => {
    under = await prepare();
    launcher = new Launcher(under.address, () => {
      if (launcher.domain) seen.push(launcher.domain);
    });
    await eventually(() => launcher.isReachable);
    expect(launcher.domain).toMatchObject({ phase: DomainPhase.DOMAIN_PHASE_ABSENT, startedAt: "" });
  });

  it("hands out capabilities as plain files", async () => {
    const files = await launcher.probeCapabilities();
    expect(files.length).toBeGreaterThan(0);
    for (const { name } of files) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
  });

  it("starts the domain, tells so, and does nothing when it is asked again", async () => {
    await launcher.start(under.request);
    const running = () => launcher.domain?.phase === DomainPhase.DOMAIN_PHASE_RUNNING;
    await eventually(running);
    expect(Date.parse(launcher.domain?.startedAt ?? "")).toBeGreaterThan(0);
    expect(["kvm", "qemu"]).toContain(launcher.domain?.domainType);
    const before = seen.length;
    await launcher.start(under.request);
    expect([running(), seen.length]).toEqual([true, before]);
  });

  it("gives figures under libvirt's names", async () => {
    const { numbers } = await launcher.stats();
    for (const name of ["cpu.time", "balloon.current", "vcpu.maximum", "vcpu.0.state"])
      expect([name, typeof numbers[name]]).toEqual([name, "number"]);
    launcher.close();
  });
}
