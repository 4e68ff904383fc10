// Scans participants' cards with the camera. What is scanned is kept on the telephone until the server has it, so that
// a session without signal loses nothing. The server decides; the hashes of the cards only let us say a name at once.
import jsQR from "jsqr";
import { csrfToken, keepPages } from "../../../../assets/offline";

type Kept = { key: string; text: string; at: string; name: string };
type Result = { key: string; result: string; said: string; name: string };
type Props = { programme: string; known: Record<string, string>; words: Record<string, string> };
type Detector = { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> };

const PAUSE = 200; // milliseconds between two looks through the camera
const SAME_CARD = 4000; // milliseconds in which a card that is still held up is not another scan
const TRY_AGAIN = 15_000; // milliseconds until scans that could not be sent are tried again
const LONGEST_SIDE = 1000; // pixels of a picture that is searched for a code
const CARD = /^KAWASAN:CARD:([A-Za-z0-9_-]+):([0-9A-Z]{16})$/;

const page = document.getElementById("scan") as HTMLElement;
const props = JSON.parse(document.getElementById("scan-props")?.textContent ?? "{}") as Props;
const said = page.querySelector("[data-said]") as HTMLElement;
const waiting = page.querySelector("[data-waiting]") as HTMLElement;
const list = page.querySelector("[data-list]") as HTMLElement;
const place = `kawasan-scans:${page.dataset.send}`;

function kept(): Kept[] {
  return JSON.parse(localStorage.getItem(place) ?? "[]");
}

function keep(scans: Kept[]): void {
  localStorage.setItem(place, JSON.stringify(scans));
  const text = scans.length ? page.dataset.keptHere : page.dataset.allSent;
  waiting.textContent = (text ?? "").replace("{n}", String(scans.length));
  waiting.className = scans.length ? "badge bg-yellow-lt" : "badge bg-green-lt";
}

function say(text: string, isGood: boolean): void {
  said.textContent = text;
  said.className = `alert ${isGood ? "alert-success" : "alert-danger"}`;
  navigator.vibrate?.(isGood ? 80 : [80, 80, 200]);
}

function show(name: string, words: string): void {
  if (!name) return;
  const shown = [...list.querySelectorAll<HTMLElement>("li")].find((line) => line.dataset.name === name);
  const line = shown ?? document.createElement("li");
  if (!shown) list.prepend(line);
  line.className = "list-group-item d-flex justify-content-between gap-2";
  line.dataset.name = name;
  line.replaceChildren(Object.assign(document.createElement("span"), { textContent: name }));
  line.append(Object.assign(document.createElement("span"), { textContent: words, className: "text-secondary" }));
}

async function hashed(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What can be said of a code without the server: a name, or why it is refused; neither where only the server knows.
async function judged(text: string): Promise<{ name: string; refusal: string }> {
  const found = CARD.exec(text);
  if (found && found[1] !== props.programme) return { name: "", refusal: "other_programme" };
  const token = found ? found[2] : text.toUpperCase().replace(/[- ]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (token.length !== 16) return { name: "", refusal: "unknown" };
  if (!window.crypto?.subtle) return { name: "", refusal: "" };
  const name = props.known[await hashed(token)] ?? "";
  return { name, refusal: name || navigator.onLine ? "" : "other_group" };
}

async function taken(text: string): Promise<void> {
  const { name, refusal } = await judged(text);
  if (refusal) return say(props.words[refusal], false);
  const scans = kept();
  if (name && scans.some((scan) => scan.name === name)) return say(`${name}: ${props.words.again}`, true);
  const key = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  keep([...scans, { key, text, at: new Date().toISOString(), name }]);
  if (name) {
    say(`${name}: ${page.dataset.taken}`, true);
    show(name, page.dataset.taken ?? "");
  }
  await send();
}

let isSending = false;
async function send(): Promise<void> {
  const scans = kept();
  if (isSending || !scans.length) return;
  isSending = true;
  try {
    const body = new URLSearchParams({ scans: JSON.stringify(scans.map(({ key, text, at }) => ({ key, text, at }))) });
    const headers = { "X-CSRFToken": csrfToken() };
    const response = await fetch(page.dataset.send ?? "", { method: "POST", body, headers });
    await answered(response);
  } catch {
    // no network: the scans stay here, and are sent when it is back
  } finally {
    isSending = false;
  }
}

async function answered(response: Response): Promise<void> {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!isJson) return say(page.dataset.signIn ?? "", false); // signed out, or the page is old
  const answer = await response.json();
  if (!response.ok) return say(answer.reasons.join(" "), false);
  const results = answer.results as Result[];
  const done = new Set(results.map((result) => result.key));
  keep(kept().filter((scan) => !done.has(scan.key)));
  for (const { name, said: words, result } of results) {
    show(name, words);
    const isGood = result === "stored" || result === "again";
    if (!isGood || results.length === 1) say(name ? `${name}: ${words}` : words, isGood);
  }
}

const BarcodeDetector = (window as unknown as { BarcodeDetector?: new (options: object) => Detector }).BarcodeDetector;
const detector = BarcodeDetector ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
const canvas = document.createElement("canvas");

async function codeIn(source: CanvasImageSource, width: number, height: number): Promise<string> {
  if (detector) {
    const [code] = await detector.detect(source).catch(() => []);
    if (code) return code.rawValue;
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || !canvas.width) return "";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return jsQR(data, canvas.width, canvas.height)?.data ?? "";
}

async function look(video: HTMLVideoElement): Promise<void> {
  let [last, at] = ["", 0];
  while (video.srcObject) {
    const code = video.videoWidth ? await codeIn(video, video.videoWidth, video.videoHeight) : "";
    if (code && (code !== last || Date.now() - at > SAME_CARD)) await taken(code);
    if (code) [last, at] = [code, Date.now()];
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

const camera = page.querySelector("[data-camera]") as HTMLButtonElement;
const video = page.querySelector("video") as HTMLVideoElement;
if (navigator.mediaDevices) camera.hidden = false; // only over HTTPS or on this machine; else photos and typing stay
camera.addEventListener("click", async () => {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    camera.hidden = true;
    await video.play();
    look(video);
  } catch {
    say(page.dataset.noCamera ?? "", false);
  }
});

const photo = page.querySelector("[data-photo]") as HTMLInputElement;
(photo.closest("[hidden]") as HTMLElement).hidden = false;
photo.addEventListener("change", async () => {
  const file = photo.files?.[0];
  if (!file) return;
  const picture = await createImageBitmap(file).catch(() => null);
  const code = picture ? await codeIn(picture, picture.width, picture.height) : "";
  photo.value = "";
  if (code) await taken(code);
  else say(page.dataset.noCode ?? "", false);
});

const form = page.querySelector("form") as HTMLFormElement;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = form.elements.namedItem("text") as HTMLInputElement;
  await taken(input.value);
  input.value = "";
  input.focus();
});

window.addEventListener("online", send);
setInterval(send, TRY_AGAIN);
keepPages([location.pathname]);
keep(kept());
send();
