// Says what pi itself gives a model of session files: one JSON array of messages a line.
// node told.mjs PACKAGE FILE…
import { pathToFileURL } from "node:url";

const [root, ...files] = process.argv.slice(2);
const part = (name) => import(pathToFileURL(`${root}/dist/core/${name}.js`).href);
const { SessionManager } = await part("session-manager");
const { convertToLlm } = await part("messages");
for (const file of files) {
  const { messages } = SessionManager.open(file).buildSessionContext();
  console.log(JSON.stringify(convertToLlm(messages)));
}
