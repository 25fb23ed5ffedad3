// One worker a core, which is how a Node program uses a machine.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { toNodeHandler } from "better-auth/node";
import { address, auth, database } from "./auth.mjs";

if (cluster.isPrimary) {
  await database.end();
  for (let worker = 0; worker < availableParallelism(); worker++) cluster.fork();
  process.on("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGTERM");
    process.exit(0);
  });
} else {
  const handler = toNodeHandler(auth);
  const { hostname, port } = new URL(address);
  createServer(handler).listen(Number(port), hostname);
}
