import { kept } from "../../../../provider/cluster/access/kept";

interface Value {
  readonly name: string;
  readonly isOld?: boolean;
}

/** Gives these values, one a call; what is no value is thrown. */
function keeping(...values: (Value | Error)[]) {
  const get = jest.fn(async () => {
    const value = await Promise.resolve(values.shift());
    if (value === undefined || value instanceof Error) throw value ?? new Error("no more");
    return value;
  });
  const judgement = { isStale: ({ isOld = false }: Value) => isOld, isSame: (a: Value, b: Value) => a.name === b.name };
  return { get, ...kept(get, judgement) };
}

const nameOf = async (value: Promise<Value>): Promise<string> => (await value).name;

describe("[U] what is kept", () => {
  test("is got once by all who ask at once, and by those who ask later", async () => {
    const { get, current } = keeping({ name: "a" });
    expect(await Promise.all([nameOf(current()), nameOf(current())])).toEqual(["a", "a"]);
    expect(await nameOf(current())).toBe("a");
    expect(get).toHaveBeenCalledTimes(1);
  });

  test("is got again when it is stale", async () => {
    const { current } = keeping({ name: "a", isOld: true }, { name: "b" });
    expect([await nameOf(current()), await nameOf(current())]).toEqual(["a", "b"]);
  });

  test("is not a failure", async () => {
    const { current } = keeping(new Error("no"), { name: "a" });
    await expect(current()).rejects.toThrow("no");
    expect(await nameOf(current())).toBe("a");
  });

  test("is replaced once for all who were refused with it", async () => {
    const { get, current, insteadOf } = keeping({ name: "a" }, { name: "b" });
    const a = await current();
    expect(await Promise.all([nameOf(insteadOf(a)), nameOf(insteadOf(a))])).toEqual(["b", "b"]);
    expect(await nameOf(insteadOf(a))).toBe("b");
    expect(get).toHaveBeenCalledTimes(2);
  });

  test("is replaced also when somebody has got the same again meanwhile", async () => {
    const { current, insteadOf } = keeping({ name: "a", isOld: true }, { name: "a" }, { name: "b" });
    const first = await current();
    await current();
    expect(await nameOf(insteadOf(first))).toBe("b");
  });
});
