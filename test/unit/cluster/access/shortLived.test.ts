import { chmodSync } from "node:fs";
import { connect } from "../../../../provider/cluster/connect";
import { requestJson } from "../../../../provider/cluster/request";
import { serverForEach } from "../support";
import { placeForEach, V1, withEnv } from "./support";

const each = serverForEach();
const place = placeForEach({ OF_THE_PROCESS: "p" });
const read = { method: "GET", path: "/version", deed: "read the version" } as const;

const PLUGIN = `#!${process.execPath}
  const fs = require("fs");
  fs.appendFileSync(process.env.NOTES, "run of " + process.env.OF_THE_PROCESS + "\\n");
  const token = fs.readFileSync(process.env.NOTES, "utf8").trim().split("\\n").length.toString();
  console.log(JSON.stringify({ apiVersion: "${V1}", kind: "ExecCredential", status: { token } }));`;

test("[U] tokens that end while ten resources work: each is got once, and nobody sees a refusal", async () => {
  chmodSync(place.write("two/plugin.js", PLUGIN), 0o755);
  const env = [{ name: "NOTES", value: place.write("notes", "") }];
  const a = place.write("one/a", {
    clusters: [{ name: "c", cluster: { server: each.api.url } }],
    contexts: [{ name: "here", context: { cluster: "c", user: "me" } }],
    "current-context": "here",
  });
  const exec = { apiVersion: V1, command: "./plugin.js", env, interactiveMode: "Never" };
  const b = place.write("two/b", { users: [{ name: "me", user: { exec } }] });
  let current = "Bearer 1";
  each.api.accepts = ({ headers }) => headers.authorization === current;
  each.api.answers.push(...Array.from({ length: 20 }, () => ({ status: 200 })));

  const connection = await connect({}, withEnv(place.machine, { KUBECONFIG: ["/missing", a, b].join(":") }));
  const askTen = () => Promise.all(Array.from({ length: 10 }, () => requestJson(connection, read)));
  await askTen();
  expect(place.read("notes")).toBe("run of p\n");
  current = "Bearer 2";
  await askTen();
  expect(place.read("notes")).toBe("run of p\nrun of p\n");
});
