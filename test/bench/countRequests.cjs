// Loaded into the processes of a measured command: writes a line for each request to the API server.
const { appendFileSync } = require("node:fs");
const { subscribe } = require("node:diagnostics_channel");

subscribe("undici:request:create", ({ request }) => {
  appendFileSync(process.env.COUNTED_REQUESTS, `${request.method}\n`);
});
