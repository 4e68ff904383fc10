// A small map beside the form of a resource: pressing it fills in latitude and longitude. Without it, people type them.
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import { LngLatBounds, Map as MapLibre, Marker, NavigationControl } from "maplibre-gl";

interface Words {
  locale: string;
  taken: string;
  controls: Record<string, string>;
}

interface Data {
  outlines: FeatureCollection;
  centres: [number, number][];
  words: Words;
}

const DECIMALS = 5; // of a degree: a metre

function field(name: string): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

// The form reads a comma before decimals in Indonesian and a point in English.
function written(degrees: number, locale: string): string {
  const text = degrees.toFixed(DECIMALS);
  return locale.startsWith("id") ? text.replace(".", ",") : text;
}

function read(input: HTMLInputElement): number {
  return input.value.trim() === "" ? Number.NaN : Number(input.value.trim().replace(",", "."));
}

function boundsOf(data: Data): LngLatBounds {
  const bounds = new LngLatBounds();
  const rings = data.outlines.features.flatMap(({ geometry }) => {
    if (geometry.type === "Polygon") return geometry.coordinates.flat();
    return geometry.type === "MultiPolygon" ? geometry.coordinates.flat(2) : [];
  });
  for (const [longitude, latitude] of rings.length > 0 ? rings : data.centres) bounds.extend([longitude, latitude]);
  return bounds;
}

function draw(container: HTMLElement, data: Data): MapLibre {
  const map = new MapLibre({
    container,
    style: {
      version: 8,
      sources: { outlines: { type: "geojson", data: data.outlines } },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": "#f1f5f9" } },
        { id: "fill", type: "fill", source: "outlines", paint: { "fill-color": "#d3e2f2", "fill-opacity": 0.8 } },
        { id: "line", type: "line", source: "outlines", paint: { "line-color": "#4b6a8b", "line-width": 1 } },
      ],
    },
    bounds: data.centres.length > 0 ? boundsOf(data) : undefined,
    fitBoundsOptions: { padding: 20, maxZoom: 15 },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    locale: data.words.controls,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  return map;
}

function connect(map: MapLibre, latitude: HTMLInputElement, longitude: HTMLInputElement, words: Words): void {
  const said = document.getElementById("point-said");
  const marker = new Marker({ color: "#d6336c" });
  const show = (): void => {
    const [x, y] = [read(longitude), read(latitude)];
    if (Number.isFinite(x) && Number.isFinite(y) && Math.abs(x) <= 180 && Math.abs(y) <= 90) {
      marker.setLngLat([x, y]).addTo(map);
    } else {
      marker.remove();
    }
  };
  const take = ({ lng, lat }: { lng: number; lat: number }): void => {
    latitude.value = written(lat, words.locale);
    longitude.value = written(lng, words.locale);
    if (said) {
      said.textContent = words.taken.replace("{latitude}", latitude.value).replace("{longitude}", longitude.value);
    }
    show();
  };
  map.on("click", (event) => take(event.lngLat));
  document.getElementById("point-middle")?.addEventListener("click", () => take(map.getCenter()));
  document.getElementById("point-none")?.addEventListener("click", () => {
    latitude.value = longitude.value = "";
    if (said) said.textContent = "";
    show();
  });
  for (const input of [latitude, longitude]) input.addEventListener("input", show);
  show();
}

const card = document.getElementById("point");
const container = document.getElementById("point-map");
const text = document.getElementById("point-data")?.textContent;
const [latitude, longitude] = [field("latitude"), field("longitude")];
if (card && container && text && latitude && longitude) {
  const data = JSON.parse(text) as Data;
  card.hidden = false; // only where it can be drawn, so that nobody without WebGL sees an empty box
  try {
    connect(draw(container, data), latitude, longitude, data.words);
  } catch (error) {
    card.hidden = true;
    throw error;
  }
}
