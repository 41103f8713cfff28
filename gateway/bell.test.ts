import { bell } from "./bell.ts";

test.each([
  { when: "it rings meanwhile", early: false },
  { when: "it rang before", early: true },
])("who waits is woken when $when", async ({ early }) => {
  const changed = bell();
  if (early) changed.ring();
  const woken = changed.within(3_600_000);
  if (!early) changed.ring();
  await woken;
});

test("one ring wakes once, and without any it is the time that does", async () => {
  const changed = bell();
  changed.ring();
  changed.ring();
  await changed.within(3_600_000);
  await changed.within(1);
});
