import { getProgram, run } from "../cluster/command.ts";

/** Loses every packet of the loopback connections between a port and those, without a word to either end, until it is undone. */
export async function blackHole(port: number, others: readonly number[]): Promise<() => Promise<void>> {
  const iptables = getProgram("iptables", "to lose packets");
  const rules = others.flatMap((other) => [rule(port, other), rule(other, port)]);
  const change = async (how: "--append" | "--delete"): Promise<void> => {
    for (const words of rules) await run([iptables, "--wait", how, "OUTPUT", ...words]);
  };
  await change("--append");
  return () => change("--delete");
}

const rule = (from: number, to: number): string[] =>
  `--protocol tcp --out-interface lo --sport ${from} --dport ${to} --jump DROP`.split(" ");
