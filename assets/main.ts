import "@tabler/core/dist/css/tabler.css";
import "./main.css";
import "htmx.org";
import { foldNavigation } from "./collapse";
import { restAfterSending } from "./once";

foldNavigation();
restAfterSending();
