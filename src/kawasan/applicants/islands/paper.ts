// Makes a photo small before it is sent over a slow line. Without it, the server does the same with the whole photo.
import { restAfterSending } from "../../../../assets/once";

const LONGEST_SIDE = 1600; // pixels, as the server keeps it
const QUALITY = 0.82;

async function madeSmall(photo: File): Promise<File | null> {
  const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob && blob.size < photo.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : null;
}

const input = document.querySelector<HTMLInputElement>("input[type=file]");
input?.addEventListener("change", async () => {
  const photo = input.files?.[0];
  if (!photo) return;
  try {
    const small = await madeSmall(photo);
    if (!small) return;
    const files = new DataTransfer();
    files.items.add(small);
    input.files = files.files;
  } catch {
    // a kind of picture that this browser cannot read, such as HEIC: the server can
  }
});
restAfterSending();
