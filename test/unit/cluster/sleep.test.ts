import { sleepSignal } from "../../../provider/cluster/sleep";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe("the signal of a machine's sleep", () => {
  test("[U] is not aborted while time goes by as it should, however long", () => {
    const { signal, close } = sleepSignal();
    jest.advanceTimersByTime(3_600_000);
    expect(signal.aborted).toBe(false);
    close();
  });

  test.each([
    ["stays", "a busy moment", 20_000, false],
    ["is aborted", "a sleep", 40_000, true],
    ["stays", "a clock that is set back", -3_600_000, false],
  ])("[U] %s after %s", (_state, _cause, jumpMs, aborted) => {
    const { signal, close } = sleepSignal();
    jest.advanceTimersByTime(10_000);
    jest.setSystemTime(Date.now() + jumpMs);
    jest.advanceTimersByTime(2_000);
    expect(signal.aborted).toBe(aborted);
    close();
  });

  test("[U] needs no timer any more once it is closed", () => {
    sleepSignal().close();
    expect(jest.getTimerCount()).toBe(0);
  });
});
