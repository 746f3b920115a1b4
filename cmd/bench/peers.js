// peers.js: runs peers.sql in DuckDB with two threads.
//   node peers.js MODULES SIGNATURES LOG...
// Prints the seconds of the query (node and DuckDB have started by then), then its rows, tab separated.
"use strict";

const fs = require("fs");
const path = require("path");

async function main([modules, signatures, ...logs]) {
    const { DuckDBInstance } = require(path.resolve(modules, "@duckdb/node-api"));
    const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
    const connection = await instance.connect();
    const quoted = (text) => "'" + text.replaceAll("'", "''") + "'";
    const sql = fs.readFileSync(path.join(__dirname, "peers.sql"), "utf8")
        .replaceAll("$signatures", () => quoted(signatures))
        .replaceAll("$logs", () => "[" + logs.map(quoted).join(", ") + "]");
    const start = process.hrtime.bigint();
    const result = await connection.runAndReadAll(sql);

    console.log(Number(process.hrtime.bigint() - start) / 1e9);
    console.log(result.getRows().map((row) => row.join("\t")).join("\n"));
}

main(process.argv.slice(2)).catch((error) => {
    console.error("peers.js: " + error.message);
    process.exitCode = 1;
});
