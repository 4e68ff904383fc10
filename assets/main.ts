import "@tabler/core/dist/css/tabler.css";
import "./main.css";
import "htmx.org";
import { foldNavigation } from "./collapse";
import { forgetPages } from "./offline";
import { restAfterSending } from "./once";
import { keepTyped } from "./typed";

foldNavigation();
restAfterSending();
keepTyped();

if (location.pathname === "/sign-in/") forgetPages();
