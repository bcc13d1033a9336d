import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "./doors/dynamic/host";
import { openClusters } from "./openClusters";
import { functionsOf } from "./resources/functions";

/** The functions of the package in the process of a program, with the settings of its stack. */
export const functions = functionsOf(
  openClusters(() => Promise.resolve(readSettings((key) => pulumi.runtime.getConfig(key)))),
);
