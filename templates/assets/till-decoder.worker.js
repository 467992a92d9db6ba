// Looks for codes in one picture after another, away from the page, so that no press has to wait.
import { prepareZXingModule, readBarcodes } from "../v/zxing-wasm-3.1.4/es/reader/index.js";

// Left alone, the library would fetch this from somebody else's server.
const WASM = new URL("../v/zxing-wasm-3.1.4/zxing_reader.wasm", import.meta.url).href;

// What a pass may carry. Three at once, as the poster with the joining code may hang in the picture.
const FORMATS = ["QRCode", "Aztec", "PDF417", "Code128", "EAN13", "Code39", "Codabar", "ITF"];
const WANTED = { formats: FORMATS, maxNumberOfSymbols: 3 };

prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true }).then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: true }),
);

onmessage = async ({ data: { picture, tryHarder } }) => {
  const found = await readBarcodes(picture, { ...WANTED, tryHarder }).catch(() => []); // one bad picture
  postMessage({ texts: found.map(({ text }) => text) });
};
