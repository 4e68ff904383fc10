// Fills in where the phone is, when its owner allows it; without it, the place is typed. Makes the photo small too.
import "./paper";

const DECIMALS = 5; // of a degree: a metre

function field(name: string): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

// The form reads a comma before decimals in Indonesian and a point in English.
function written(degrees: number): string {
  const text = degrees.toFixed(DECIMALS);
  return document.documentElement.lang.startsWith("id") ? text.replace(".", ",") : text;
}

const button = document.getElementById("place-here");
const said = document.getElementById("place-said");
const [latitude, longitude] = [field("latitude"), field("longitude")];
if (button && said && latitude && longitude && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = button.dataset.waiting ?? "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = written(coords.latitude);
        longitude.value = written(coords.longitude);
        said.textContent = (button.dataset.taken ?? "").replace("{metres}", String(Math.round(coords.accuracy)));
      },
      () => {
        said.textContent = button.dataset.refused ?? "";
      },
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  });
}
