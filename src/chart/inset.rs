//! A chart laid into somebody else's picture, such as the cells of a terminal: the frame of its
//! curves, its scales and its ticks are given, and there are no words around it.

use resvg::tiny_skia::Pixmap;

use super::palette::Ground;
use super::png::{PngError, rendered};
use super::scene::Scene;
use super::svg;
use super::ticks::Tick;

/// What is given. Lengths are in pixels from the top left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Inset {
    /// Size of the picture.
    pub width: u32,
    pub height: u32,
    /// Edges of the curves' frame; the axes' labels lie left of it and below it.
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
    /// Values at the bottom and the top of the frame.
    pub values: (f64, f64),
    pub value_ticks: Vec<Tick>,
    pub time_ticks: Vec<Tick>,
    /// Pixels a unit: text is 11 units high, lines are one or two wide.
    pub unit: f64,
    /// Red, green and blue of what is around the picture; the ground's own colour without.
    pub ground: Option<[u8; 3]>,
    /// Red, green and blue of each band of the forecast and of the history, widest first.
    pub bands: Vec<[u8; 3]>,
    pub backdrop: Vec<[u8; 3]>,
    /// A line a chain in place of the mean.
    pub chains: Vec<Vec<f64>>,
    pub cursor: Option<Cursor>,
    /// What is said where cycles are too narrow to be drawn.
    pub smoothed: &'static str,
}

/// A position that is read out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cursor {
    pub at: f64,
    /// The mean there, to be marked unless the line of means is smoothed.
    pub mean: Option<f64>,
    /// Whether a line stands there.
    pub line: bool,
}

/// The chart in the pixels of its inset; all of them are opaque.
///
/// # Errors
/// [`PngError`] where the machine has too little memory.
pub fn pixels(scene: &Scene, inset: &Inset, ground: Ground) -> Result<Pixmap, PngError> {
    let svg = svg::of_inset(scene, inset, ground);
    rendered(&svg, inset.width, inset.height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::tests::scene;
    use crate::chart::{Fan, Trust};

    const WIDTH: u32 = 400;
    const HEIGHT: u32 = 240;

    fn inset() -> Inset {
        Inset {
            width: WIDTH,
            height: HEIGHT,
            left: 50,
            top: 0,
            right: WIDTH,
            bottom: 200,
            values: (0.0, 10.0),
            value_ticks: Vec::new(),
            time_ticks: Vec::new(),
            unit: 1.0,
            ground: Some([1, 2, 3]),
            bands: vec![[10, 20, 30], [40, 50, 60], [70, 80, 90]],
            backdrop: vec![[5, 6, 7]],
            chains: Vec::new(),
            cursor: None,
            smoothed: "whole cycles",
        }
    }

    /// A chart of nothing but what an inset adds, so that every pixel can be told.
    fn bare() -> Scene {
        Scene {
            history: Fan::default(),
            forecast: Fan {
                start: 100.0,
                spacing: 1.0,
                ..Fan::default()
            },
            observed: Vec::new(),
            paths: Vec::new(),
            threshold: None,
            window: (0.0, 35.0),
            ..scene(3, 1.0, Trust::Sound("converged".into()))
        }
    }

    /// Red, green and blue of a pixel.
    fn at(pixels: &Pixmap, x: u32, y: u32) -> [u8; 3] {
        let pixel = pixels.pixel(x, y).expect("inside");
        assert_eq!(pixel.alpha(), 255);
        [pixel.red(), pixel.green(), pixel.blue()]
    }

    #[test]
    fn the_ground_is_that_of_what_is_around() {
        let drawn = |ground| {
            let inset = Inset { ground, ..inset() };
            pixels(&bare(), &inset, Ground::Dark).expect("drawn")
        };
        assert_eq!(at(&drawn(Some([1, 2, 3])), 5, 5), [1, 2, 3]);
        assert_eq!(at(&drawn(None), 5, 5), [0x0d, 0x11, 0x17]);
    }

    #[test]
    fn the_bands_have_the_colours_that_were_asked_for() {
        let svg = |trust| {
            let scene = scene(3, 1.0, trust);
            let scene = Scene {
                history: scene.forecast.clone(),
                ..scene
            };
            svg::of_inset(&scene, &inset(), Ground::Dark)
        };
        let count = |svg: &str, color: &str| svg.matches(&format!("fill=\"{color}\"")).count();
        let sound = svg(Trust::Sound("converged".into()));
        for color in ["#0a141e", "#28323c", "#46505a", "#050607"] {
            assert_eq!(count(&sound, color), 1, "{color}");
        }
        let failed = svg(Trust::Failed("stuck".into()));
        assert_eq!(count(&failed, "#0a141e"), 0, "hatched");
    }

    #[test]
    fn the_frame_is_where_it_was_asked_for() {
        // Half the positions, and a value of 7.5 of 10, from the frame's own edges.
        let cursor = Cursor {
            at: 17.5,
            mean: Some(7.5),
            line: true,
        };
        let inset = Inset {
            cursor: Some(cursor),
            ..inset()
        };
        let pixels = pixels(&bare(), &inset, Ground::Dark).expect("drawn");
        let (x, y) = (50 + 350 / 2, 200 / 4);
        assert_ne!(at(&pixels, x + 3, y), [1, 2, 3], "the mark of the mean");
        assert_eq!(at(&pixels, x + 3, y + 20), [1, 2, 3], "nothing below it");
        let inked = |x: u32| (0..195).filter(|y| at(&pixels, x, *y) != [1, 2, 3]).count();
        assert!(inked(x) > 50, "a line from top to bottom: {}", inked(x));
        assert_eq!(inked(x + 20), 0, "nothing beside it");
        assert_eq!(inked(x - 20), 0, "nothing beside it");
    }

    #[test]
    fn words_stay_inside_the_picture() {
        let tick = |at: f64| Tick {
            at,
            label: "2026-11-22".into(),
        };
        let inset = Inset {
            time_ticks: vec![tick(0.0), tick(35.0)],
            value_ticks: vec![Tick {
                at: 10.0,
                label: "10".into(),
            }],
            ..inset()
        };
        let svg = svg::of_inset(&bare(), &inset, Ground::Dark);
        let drawn = pixels(&bare(), &inset, Ground::Dark).expect("drawn");
        assert!(svg.contains("2026-11-22"));
        let edge = |x: u32| (205..240).any(|y| at(&drawn, x, y) != [1, 2, 3]);
        assert!(!edge(WIDTH - 1), "the last label ends before the edge");
        assert!(
            (0..50).all(|x| at(&drawn, x, 0) == [1, 2, 3]),
            "so does the top one"
        );
    }

    #[test]
    fn a_cycle_too_narrow_to_be_drawn_is_said_and_no_single_mean_marked() {
        for (steps, smoothed) in [(20, false), (2000, true)] {
            let scene = scene(steps, 1.0, Trust::Sound("converged".into()));
            let cursor = Cursor {
                at: scene.forecast.end(),
                mean: Some(0.5),
                line: false,
            };
            let inset = Inset {
                cursor: Some(cursor),
                ..inset()
            };
            let svg = svg::of_inset(&scene, &inset, Ground::Dark);
            assert_eq!(svg.contains("whole cycles"), smoothed, "{steps}");
            assert_eq!(svg.contains("class=\"cursor\""), !smoothed, "{steps}");
        }
    }

    #[test]
    fn a_chain_each_stands_in_for_the_mean() {
        let scene = scene(3, 1.0, Trust::Sound("converged".into()));
        let lines = |chains: Vec<Vec<f64>>| {
            let svg = svg::of_inset(&scene, &Inset { chains, ..inset() }, Ground::Light);
            let count = |class: &str| svg.matches(&format!("class=\"{class}\"")).count();
            (count("mean"), count("chain"))
        };
        assert_eq!(lines(vec![]), (1, 0));
        assert_eq!(lines(vec![vec![0.0; 3], vec![1.0; 3]]), (0, 2));
    }
}
