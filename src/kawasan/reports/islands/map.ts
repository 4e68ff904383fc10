// Draws places in the colours of their figures and the marks of the layers. Every word comes from the server.
// Without a base map it asks nothing of the network: no tiles, no glyphs, no sprites.
import "maplibre-gl/dist/maplibre-gl.css";
import type { Feature, FeatureCollection, Position } from "geojson";
import {
  type FilterSpecification,
  LngLatBounds,
  Map as MapLibre,
  Marker,
  NavigationControl,
  Popup,
  type StyleSpecification,
} from "maplibre-gl";

interface Mark {
  layer: string;
  at: [number, number];
  text: string;
  label: string;
  colour: string;
  isCount: boolean;
  lines: string[];
}

interface BaseMap {
  kind: "raster" | "style";
  address: string;
  attribution: string;
}

interface Data {
  grounds: FeatureCollection;
  names: { at: [number, number]; name: string }[];
  marks: Mark[];
  shown: string[];
  baseMap: BaseMap | null;
  controls: Record<string, string>;
}

const GROUNDS = "grounds";
const SPREAD = 15; // pixels between marks that stand at the same spot
const PATIENCE = 4000; // milliseconds for the style of a base map; without internet the map is drawn without it
const PLAIN: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "ground", type: "background", paint: { "background-color": "#f8fafc" } }],
};

// Names come from data, so they are set as text and never read as HTML.
function card([title, ...lines]: string[]): HTMLElement {
  const box = document.createElement("div");
  const heading = document.createElement("strong");
  heading.textContent = title;
  box.append(heading);
  for (const line of lines) {
    const paragraph = document.createElement("div");
    paragraph.textContent = line;
    box.append(paragraph);
  }
  return box;
}

function markButton(mark: Mark): HTMLElement {
  const element = document.createElement("div"); // a <button> would open and close at one key press: MapLibre adds its own
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", mark.label);
  element.textContent = mark.text;
  Object.assign(element.style, {
    background: mark.colour,
    border: "2px solid #fff",
    borderRadius: mark.isCount ? "5px" : "50%",
    color: "#fff",
    cursor: "pointer",
    font: "600 12px/22px system-ui, sans-serif",
    height: "26px",
    minWidth: "26px",
    padding: mark.isCount ? "0 3px" : "0",
    textAlign: "center",
  });
  return element;
}

function nameLabel(name: string): HTMLElement {
  const element = document.createElement("div");
  element.textContent = name;
  element.setAttribute("aria-hidden", "true"); // the table names every place
  Object.assign(element.style, {
    color: "#1f2937",
    font: "600 12px/1.3 system-ui, sans-serif",
    pointerEvents: "none",
    textShadow: "0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff",
  });
  return element;
}

function put(map: MapLibre, mark: Mark, offset: [number, number]): Marker {
  const element = markButton(mark);
  const popup = new Popup({ offset: 14, maxWidth: "260px" }).setDOMContent(card(mark.lines));
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Escape" && popup.isOpen()) {
      popup.remove();
      element.focus();
    }
  });
  return new Marker({ element, offset }).setLngLat(mark.at).setPopup(popup).addTo(map);
}

function offsetAround(index: number, count: number): [number, number] {
  if (count === 1) return [0, 0];
  const angle = (2 * Math.PI * index) / count;
  const radius = Math.max(SPREAD, (count * SPREAD) / Math.PI);
  return [radius * Math.sin(angle), -radius * Math.cos(angle)];
}

// The marks of the layers that are shown, those of one spot around it.
function putMarks(map: MapLibre, marks: Mark[], shown: Set<string>): Marker[] {
  const spots = new Map<string, Mark[]>();
  for (const mark of marks.filter((one) => shown.has(one.layer))) {
    const spot = JSON.stringify(mark.at);
    spots.set(spot, [...(spots.get(spot) ?? []), mark]);
  }
  return [...spots.values()].flatMap((here) =>
    here.map((mark, index) => put(map, mark, offsetAround(index, here.length))),
  );
}

function drawGrounds(map: MapLibre, grounds: FeatureCollection, isSeeThrough: boolean): void {
  const isApproximate: FilterSpecification = ["==", ["get", "approximate"], true];
  const isKnown: FilterSpecification = ["!=", ["get", "approximate"], true];
  map.addSource(GROUNDS, { type: "geojson", data: grounds });
  map.addLayer({
    id: "fill",
    type: "fill",
    source: GROUNDS,
    paint: { "fill-color": ["get", "colour"], "fill-opacity": isSeeThrough ? 0.65 : 0.95 },
  });
  const line = { "line-color": "#44546a", "line-width": 1 };
  map.addLayer({ id: "line", type: "line", source: GROUNDS, filter: isKnown, paint: line });
  map.addLayer({
    id: "approximate",
    type: "line",
    source: GROUNDS,
    filter: isApproximate,
    paint: { ...line, "line-dasharray": [4, 3] },
  });
  map.on("click", "fill", (event) => {
    const pressed = event.features?.[0];
    const onMarker = (event.originalEvent.target as HTMLElement).closest(".maplibregl-marker");
    if (!pressed || onMarker) return;
    const lines = JSON.parse(pressed.properties.lines) as string[]; // MapLibre hands lists over as text
    new Popup({ maxWidth: "260px" }).setLngLat(event.lngLat).setDOMContent(card(lines)).addTo(map);
  });
}

function positions(feature: Feature): Position[] {
  const geometry = feature.geometry;
  if (geometry.type === "Polygon") return geometry.coordinates.flat();
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flat(2);
  return [];
}

// Marks may lie far outside the area, so they widen the map only where there is no ground.
function boundsOf(data: Data): LngLatBounds {
  const bounds = new LngLatBounds();
  const ground = data.grounds.features.flatMap(positions);
  const shown = ground.length > 0 ? ground : data.marks.map((mark) => mark.at);
  for (const [longitude, latitude] of shown) bounds.extend([longitude, latitude]);
  return bounds;
}

async function styleOf(base: BaseMap | null): Promise<StyleSpecification> {
  if (!base) return PLAIN;
  if (base.kind === "raster") {
    const source = { type: "raster" as const, tiles: [base.address], tileSize: 256, attribution: base.attribution };
    return {
      ...PLAIN,
      sources: { base: source },
      layers: [...PLAIN.layers, { id: "base", type: "raster", source: "base" }],
    };
  }
  try {
    const answer = await fetch(base.address, { signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? ((await answer.json()) as StyleSpecification) : PLAIN;
  } catch {
    return PLAIN; // no internet: the places are drawn all the same
  }
}

// The source of a raster carries its own.
function ownAttribution(base: BaseMap | null): string | undefined {
  return base?.kind === "style" ? base.attribution : undefined;
}

async function draw(container: HTMLElement, data: Data): Promise<void> {
  const style = await styleOf(data.baseMap);
  const map = new MapLibre({
    container,
    style,
    bounds: boundsOf(data),
    fitBoundsOptions: { padding: 30, maxZoom: 15 },
    attributionControl: style === PLAIN ? false : { compact: false, customAttribution: ownAttribution(data.baseMap) },
    cooperativeGestures: true,
    dragRotate: false,
    locale: data.controls,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  // Not "load": that waits for the tiles of a base map, which may never come.
  map.once("style.load", () => {
    drawGrounds(map, data.grounds, style !== PLAIN);
    for (const { at, name } of data.names) new Marker({ element: nameLabel(name) }).setLngLat(at).addTo(map);
    let marks = putMarks(map, data.marks, new Set(data.shown));
    document.addEventListener("change", (event) => {
      if (!(event.target as HTMLElement).matches("[name=layer]")) return;
      const chosen = document.querySelectorAll<HTMLInputElement>("[name=layer]:checked");
      for (const mark of marks) {
        mark.getPopup()?.remove();
        mark.remove();
      }
      marks = putMarks(map, data.marks, new Set([...chosen].map((box) => box.value)));
    });
  });
}

// The picture that stands there without a script stays for paper; on the screen the map takes its place.
const container = document.getElementById("map");
const text = document.getElementById("map-data")?.textContent;
if (container && text) {
  container.hidden = false;
  draw(container, JSON.parse(text) as Data).then(
    () => document.getElementById("map-picture")?.classList.add("d-none", "d-print-block"),
    () => {
      container.hidden = true; // no WebGL: the picture stays
    },
  );
}
