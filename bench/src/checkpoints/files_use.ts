// Run in a Node.js of its own; prints the seconds as JSON.
import { measureFiles } from "./files.ts";

console.log(JSON.stringify(measureFiles()));
