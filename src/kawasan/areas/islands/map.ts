// Draws the places and resources of an area. It asks nothing of the network: no base map, no glyphs, no sprites.
import "maplibre-gl/dist/maplibre-gl.css";
import type { Feature, FeatureCollection, Position } from "geojson";
import { type FilterSpecification, LngLatBounds, Map as MapLibre, Marker, NavigationControl, Popup } from "maplibre-gl";

interface Capital {
  label: string;
  colour: string;
  number: number;
}

interface Words {
  capitals: Record<string, Capital>;
  levels: Record<string, string>;
  population: string;
  quantity: string;
  head_room: string;
  place: string;
  controls: Record<string, string>;
}

const PLACES = "places";
const SPREAD = 15; // pixels between points that stand at the same spot

const figures = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });

// Names come from data, so they are set as text and never read as HTML.
function card(title: string, lines: string[]): HTMLElement {
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

function placeCard(place: Record<string, unknown>, words: Words): HTMLElement {
  const lines = [words.levels[String(place.level)]];
  if (place.part_of) lines.push(String(place.part_of));
  if (typeof place.area_km2 === "number") lines.push(`${figures.format(place.area_km2)} km²`);
  if (typeof place.population === "number") lines.push(`${figures.format(place.population)} ${words.population}`);
  return card(String(place.name), lines);
}

function resourceCard(resource: Record<string, unknown>, words: Words): HTMLElement {
  const amount = (value: unknown) =>
    resource.unit === "Rp" ? `Rp${figures.format(Number(value))}` : `${figures.format(Number(value))} ${resource.unit}`;
  const lines = [words.capitals[String(resource.capital)].label, `${words.place}: ${resource.place}`];
  lines.push(`${words.quantity}: ${amount(resource.quantity)}`);
  if (typeof resource.head_room === "number") lines.push(`${words.head_room}: ${amount(resource.head_room)}`);
  return card(String(resource.name), lines);
}

function button(label: string): HTMLElement {
  const element = document.createElement("div"); // a <button> would open and close at one key press: MapLibre adds its own
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", label);
  element.style.cursor = "pointer";
  return element;
}

function resourceButton(name: string, capital: Capital): HTMLElement {
  const element = button(`${name}, ${capital.label}`);
  element.textContent = String(capital.number);
  Object.assign(element.style, {
    background: capital.colour,
    border: "2px solid #fff",
    borderRadius: "50%",
    color: "#fff",
    font: "600 12px/22px system-ui, sans-serif",
    height: "26px",
    textAlign: "center",
    width: "26px",
  });
  return element;
}

function placeButton(name: string): HTMLElement {
  const element = button(name);
  element.textContent = name;
  Object.assign(element.style, {
    background: "rgba(255, 255, 255, 0.85)",
    borderRadius: "3px",
    color: "#1f2937",
    font: "500 11px/1.3 system-ui, sans-serif",
    padding: "1px 4px",
  });
  return element;
}

function put(map: MapLibre, at: Position, element: HTMLElement, content: HTMLElement, offset: [number, number]): void {
  const popup = new Popup({ offset: 14, maxWidth: "260px" }).setDOMContent(content);
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Escape" && popup.isOpen()) {
      popup.remove();
      element.focus();
    }
  });
  new Marker({ element, offset }).setLngLat([at[0], at[1]]).setPopup(popup).addTo(map);
}

function offsetAround(index: number, count: number): [number, number] {
  if (count === 1) return [0, 0];
  const angle = (2 * Math.PI * index) / count;
  const radius = Math.max(SPREAD, (count * SPREAD) / Math.PI);
  return [radius * Math.sin(angle), -radius * Math.cos(angle)];
}

function putResources(map: MapLibre, resources: Feature[], words: Words): void {
  const spots = new Map<string, Feature[]>();
  for (const resource of resources) {
    const spot = JSON.stringify(positions(resource)[0]);
    spots.set(spot, [...(spots.get(spot) ?? []), resource]);
  }
  for (const here of spots.values()) {
    here.forEach((resource, index) => {
      const properties = resource.properties ?? {};
      const element = resourceButton(String(properties.name), words.capitals[properties.capital]);
      put(map, positions(resource)[0], element, resourceCard(properties, words), offsetAround(index, here.length));
    });
  }
}

// Districts are named on the map; villages too where they have no outline that could be pressed.
function putPlaces(map: MapLibre, places: Feature[], words: Words): void {
  for (const place of places) {
    const properties = place.properties ?? {};
    if (properties.level === "district" || (properties.level === "village" && place.geometry.type === "Point")) {
      put(map, properties.centre, placeButton(properties.name), placeCard(properties, words), [0, 0]);
    }
  }
}

function drawOutlines(map: MapLibre, places: FeatureCollection, words: Words): void {
  const outline: FilterSpecification = ["==", ["geometry-type"], "Polygon"];
  map.addSource(PLACES, { type: "geojson", data: places });
  map.addLayer({
    id: "fill",
    type: "fill",
    source: PLACES,
    filter: outline,
    paint: { "fill-color": "#d3e2f2", "fill-opacity": 0.8 },
  });
  map.addLayer({
    id: "line",
    type: "line",
    source: PLACES,
    filter: outline,
    paint: { "line-color": "#4b6a8b", "line-width": 1 },
  });
  map.on("click", "fill", (event) => {
    const pressed = event.features?.[0];
    const onMarker = (event.originalEvent.target as HTMLElement).closest(".maplibregl-marker");
    if (!pressed || onMarker) return;
    new Popup({ maxWidth: "260px" })
      .setLngLat(event.lngLat)
      .setDOMContent(placeCard(pressed.properties, words))
      .addTo(map);
  });
}

function positions(feature: Feature): Position[] {
  const geometry = feature.geometry;
  if (geometry.type === "Point") return [geometry.coordinates];
  if (geometry.type === "Polygon") return geometry.coordinates.flat();
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flat(2);
  return [];
}

// A place without an outline may lie far outside the area, so it widens the map only where nothing has one.
function boundsOf(features: Feature[]): LngLatBounds {
  const bounds = new LngLatBounds();
  const outlined = features.filter((feature) => feature.geometry.type !== "Point");
  const shown = outlined.length > 0 ? outlined : features;
  for (const [longitude, latitude] of shown.flatMap(positions)) bounds.extend([longitude, latitude]);
  return bounds;
}

function draw(container: HTMLElement, features: Feature[], words: Words): void {
  const map = new MapLibre({
    container,
    style: {
      version: 8,
      sources: {},
      layers: [{ id: "ground", type: "background", paint: { "background-color": "#f1f5f9" } }],
    },
    bounds: boundsOf(features),
    fitBoundsOptions: { padding: 30, maxZoom: 15 },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    locale: words.controls,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  const places = features.filter((feature) => feature.properties?.feature === "place");
  map.on("load", () => {
    drawOutlines(map, { type: "FeatureCollection", features: places }, words);
    putPlaces(map, places, words);
    putResources(
      map,
      features.filter((feature) => feature.properties?.feature === "resource"),
      words,
    );
  });
}

const container = document.getElementById("map");
const data = document.getElementById("map-data")?.textContent;
if (container && data) {
  const { features, words } = JSON.parse(data) as { features: FeatureCollection; words: Words };
  const fallback = [...container.childNodes];
  draw(container, features.features, words);
  for (const node of fallback) node.remove(); // reached only when the map could be made
}
