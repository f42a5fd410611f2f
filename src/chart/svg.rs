//! A fan chart as SVG: text stays text, curves stay curves.

mod words;

use super::curves::{Curves, curves, path};
use super::inset::{Cursor, Inset};
use super::layout::Layout;
use super::palette::{Ground, Palette};
use super::scene::Scene;
use super::size::Size;
use super::text::width;
use super::xml::{append, escaped, line, number};

/// The embedded font, and what stands in for it.
const FONTS: &str =
    "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// A chart as an SVG document. The same scene, size and ground give the same bytes. Names of its
/// parts begin with the ground's, so that a light and a dark one can share an HTML page; the
/// figures behind it are in `<metadata>`, as `fanchart forecast --json` prints them.
pub fn svg(scene: &Scene, size: Size, ground: Ground) -> String {
    let layout = Layout::of(scene, size);
    draw(scene, &layout, ground, (size.width(), size.height()), None)
}

/// A chart with the frame, the ticks and the ground of an inset.
pub(super) fn of_inset(scene: &Scene, inset: &Inset, ground: Ground) -> String {
    let layout = Layout::inset(scene, inset);
    let size = (inset.width, inset.height);
    draw(scene, &layout, ground, size, Some(inset))
}

fn draw(
    scene: &Scene,
    layout: &Layout,
    ground: Ground,
    size: (u32, u32),
    inset: Option<&Inset>,
) -> String {
    let palette = Palette::of(ground);
    let (around, bands, backdrop) = match inset {
        Some(inset) => (
            inset.ground.map(color),
            inset.bands.iter().copied().map(color).collect(),
            inset.backdrop.iter().copied().map(color).collect(),
        ),
        None => {
            let bands = palette.nested(scene.forecast.bands.len());
            (None, bands, vec![palette.history.to_owned()])
        }
    };
    let mut picture = Picture {
        scene,
        layout,
        palette,
        ground: around.unwrap_or_else(|| palette.ground.to_owned()),
        bands,
        backdrop,
        inset,
        name: ground.name(),
        out: String::new(),
    };
    picture.open(size);
    picture.heading();
    picture.axes();
    picture.curves();
    picture.labels();
    picture.legend();
    picture.out.push_str("</svg>\n");
    picture.out
}

/// A colour as SVG writes it.
fn color([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

struct Picture<'a> {
    scene: &'a Scene,
    layout: &'a Layout,
    palette: Palette,
    /// The colour behind everything.
    ground: String,
    /// Colours of the bands over the forecast and over the history, widest first.
    bands: Vec<String>,
    backdrop: Vec<String>,
    inset: Option<&'a Inset>,
    /// What names of parts begin with.
    name: &'static str,
    out: String,
}

/// Which end of a text lies at its place.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Picture<'_> {
    fn open(&mut self, size: (u32, u32)) {
        let (layout, palette, scene) = (self.layout, self.palette, self.scene);
        let (width, height) = (number(layout.width), number(layout.height));
        let said = match scene.trust.failure() {
            Some(reason) => format!("Do not trust this forecast: {reason}."),
            None => scene.said(),
        };
        append(
            &mut self.out,
            format_args!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
                 viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FONTS}\">\n\
                 <title>{}</title>\n<desc>{}</desc>\n<metadata>{}</metadata>\n<defs>\n\
                 <clipPath id=\"{}-frame\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n",
                size.0,
                size.1,
                escaped(&scene.title()),
                escaped(&said),
                escaped(&scene.table.to_json().to_string()),
                self.name,
                number(layout.left),
                number(layout.top),
                number(layout.right - layout.left),
                number(layout.bottom - layout.top),
            ),
        );
        if scene.trust.failure().is_some() {
            // The same lines in every pattern, so that bands on top of one another make no moiré.
            for (band, stroke) in [1.0, 2.2, 3.6].into_iter().enumerate() {
                append(
                    &mut self.out,
                    format_args!(
                        "<pattern id=\"{}-hatch-{band}\" patternUnits=\"userSpaceOnUse\" width=\"7\" height=\"7\" \
                         patternTransform=\"rotate(-45)\"><path d=\"M0 3.5H7\" stroke=\"{}\" \
                         stroke-width=\"{stroke}\"/></pattern>\n",
                        self.name, palette.untrusted
                    ),
                );
            }
        }
        append(
            &mut self.out,
            format_args!(
                "</defs>\n<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
                self.ground
            ),
        );
    }

    fn axes(&mut self) {
        let (layout, palette) = (self.layout, self.palette);
        let small = layout.fonts.small;
        let dim = format!("fill=\"{}\"", palette.dim);
        let mut grid = String::new();
        for tick in &layout.value_ticks {
            let y = layout.y(tick.at);
            grid += &line([(layout.left, y), (layout.right, y)]);
            // A label at the very top would be cut by the picture's edge.
            let at = (layout.left - 8.0, y.max(small * 0.55) + small * 0.35);
            self.text(at, Anchor::End, small, &dim, &tick.label);
        }
        self.stroke("grid", &grid, palette.grid, 1.0, "");
        let mut axis = line([(layout.left, layout.bottom), (layout.right, layout.bottom)]);
        for tick in &layout.time_ticks {
            let x = layout.x(tick.at);
            axis += &line([(x, layout.bottom), (x, layout.bottom + 5.0)]);
            let half = width(&tick.label, small) / 2.0;
            let inside = x.min(layout.width - half).max(half);
            let at = (inside, layout.bottom + 7.0 + small);
            self.text(at, Anchor::Middle, small, &dim, &tick.label);
        }
        self.stroke("axis", &axis, palette.axis, 1.0, "");
        if layout.roomy {
            let at = (layout.margin, layout.top - 12.0);
            self.text(at, Anchor::Start, small, &dim, &self.scene.series);
        }
    }

    fn curves(&mut self) {
        let (layout, palette, scene) = (self.layout, self.palette, self.scene);
        let Curves {
            history,
            forecast,
            paths,
            smoothed,
        } = curves(scene, layout);
        append(
            &mut self.out,
            format_args!("<g clip-path=\"url(#{}-frame)\">\n", self.name),
        );
        for (band, color) in history.bands.iter().zip(self.backdrop.clone()) {
            self.area("history", band, &color, "");
        }
        // Where steps are narrow a line that is not would hide the bands.
        let fine = (layout.step() / 4.0).clamp(0.4, 1.0);
        let fine = if smoothed { 1.0 } else { fine };
        self.stroke("fitted", &history.mean, palette.fitted, 1.2 * fine, "");
        let failed = scene.trust.failure().is_some();
        let colors = self.bands.clone();
        for (i, (band, color)) in forecast.bands.iter().zip(&colors).enumerate() {
            if failed {
                let fill = format!("url(#{}-hatch-{})", self.name, i.min(2));
                let edge = format!(" stroke=\"{}\" stroke-width=\"0.8\"", palette.untrusted);
                self.area("band", band, &fill, &edge);
            } else {
                self.area("band", band, color, "");
            }
        }
        let split = layout.x(scene.split());
        let start = line([(split, layout.top), (split, layout.bottom)]);
        self.stroke(
            "start",
            &start,
            palette.dim,
            1.0,
            " stroke-dasharray=\"2 4\"",
        );
        for path in &paths {
            self.stroke("path", path, palette.path, 1.0, " stroke-opacity=\"0.7\"");
        }
        if let Some(threshold) = scene.threshold {
            let y = layout.y(threshold.value);
            let across = line([(layout.left, y), (layout.right, y)]);
            self.stroke(
                "threshold",
                &across,
                palette.threshold,
                1.6,
                " stroke-dasharray=\"7 4\"",
            );
        }
        let chains = self.inset.map_or(&[][..], |inset| &inset.chains);
        for (chain, means) in chains.iter().enumerate() {
            let color = palette.chains[chain % palette.chains.len()];
            self.stroke("chain", &path(scene, layout, means), color, 1.4, "");
        }
        if !failed && chains.is_empty() {
            self.stroke("mean", &forecast.mean, palette.mean, 2.2 * fine, "");
        }
        if let Some(cursor) = self.inset.and_then(|inset| inset.cursor) {
            let mean = cursor.mean.filter(|_| !smoothed);
            self.cursor(Cursor { mean, ..cursor });
        }
        let radius = (0.36 * layout.step()).clamp(1.1, if layout.roomy { 3.4 } else { 2.4 });
        append(
            &mut self.out,
            format_args!("<g class=\"observed\" fill=\"{}\">\n", palette.observation),
        );
        for (position, value) in &scene.observed {
            let (x, y) = (layout.x(*position), layout.y(*value));
            if (layout.left..=layout.right).contains(&x) {
                self.dot(x, y, radius);
            }
        }
        self.out.push_str("</g>\n</g>\n");
        self.time_name(smoothed);
        if let Some(inset) = self.inset.filter(|_| smoothed) {
            self.smoothed(inset.smoothed);
        }
    }

    fn cursor(
        &mut self,
        Cursor {
            at,
            mean,
            line: standing,
        }: Cursor,
    ) {
        let (layout, color) = (self.layout, self.palette.cursor);
        let x = layout.x(at);
        if standing {
            let across = line([(x, layout.top), (x, layout.bottom)]);
            self.stroke("cursor", &across, color, 1.0, "");
        }
        if let Some(mean) = mean {
            let (y, r) = (layout.y(mean), 4.5);
            let mark = line([(x, y - r), (x + r, y), (x, y + r), (x - r, y)]) + "z";
            self.area("cursor", &mark, color, "");
        }
    }

    fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, size: f64, style: &str, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        append(
            &mut self.out,
            format_args!(
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor} {style}>{}</text>\n",
                number(x),
                number(y),
                number(size),
                escaped(words)
            ),
        );
    }

    fn stroke(&mut self, class: &str, path: &str, color: &str, width: f64, more: &str) {
        if !path.is_empty() {
            append(
                &mut self.out,
                format_args!(
                    "<path class=\"{class}\" d=\"{path}\" fill=\"none\" stroke=\"{color}\" \
                     stroke-width=\"{width}\" stroke-linejoin=\"round\"{more}/>\n"
                ),
            );
        }
    }

    fn area(&mut self, class: &str, path: &str, fill: &str, more: &str) {
        if !path.is_empty() {
            append(
                &mut self.out,
                format_args!("<path class=\"{class}\" d=\"{path}\" fill=\"{fill}\"{more}/>\n"),
            );
        }
    }

    fn dot(&mut self, x: f64, y: f64, radius: f64) {
        append(
            &mut self.out,
            format_args!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"/>\n",
                number(x),
                number(y),
                number(radius)
            ),
        );
    }
}
