//! Colours of a picture: one hue with a ramp of lightness for the bands, warm colours for what
//! lies on top. The steps of the ramp keep their order in grey and to colour-blind people.

/// The ground of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    Light,
    Dark,
}

impl Ground {
    /// "light" or "dark".
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Colours as SVG writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    pub ground: &'static str,
    pub text: &'static str,
    pub dim: &'static str,
    pub grid: &'static str,
    pub axis: &'static str,
    /// Widest first.
    pub bands: [&'static str; 3],
    pub history: &'static str,
    pub fitted: &'static str,
    pub mean: &'static str,
    pub observation: &'static str,
    pub threshold: &'static str,
    pub path: &'static str,
    pub cursor: &'static str,
    /// Lines of chains, over and over.
    pub chains: [&'static str; 6],
    /// Bands of a fit that failed, widest first, and its banner.
    pub untrusted: &'static str,
    pub alarm: &'static str,
    pub on_alarm: &'static str,
    pub warn: &'static str,
}

impl Palette {
    /// Colours of so many bands, widest first: the innermost has the strongest.
    pub fn nested(&self, count: usize) -> Vec<String> {
        let lighter = self.bands.len().saturating_sub(count);
        let last = self.bands.len() - 1;
        let color = |band: usize| self.bands[(band + lighter).min(last)].to_owned();
        (0..count).map(color).collect()
    }

    pub fn of(ground: Ground) -> Self {
        match ground {
            Ground::Light => Self {
                ground: "#ffffff",
                text: "#16202c",
                dim: "#586270",
                grid: "#e6e9ed",
                axis: "#9aa4b0",
                bands: ["#d6e6f5", "#a5c9e9", "#6ba5d7"],
                history: "#f1f3f5",
                fitted: "#a3adb8",
                mean: "#0a2c55",
                observation: "#2b3440",
                threshold: "#b34700",
                path: "#6a3fb0",
                cursor: "#57606a",
                chains: [
                    "#a65f00", "#8e3d74", "#5c5400", "#00664b", "#a33a00", "#000000",
                ],
                untrusted: "#a85b12",
                alarm: "#b3161b",
                on_alarm: "#ffffff",
                warn: "#8a5a00",
            },
            Ground::Dark => Self {
                ground: "#0d1117",
                text: "#e6edf3",
                dim: "#98a2ae",
                grid: "#1f262f",
                axis: "#56606c",
                bands: ["#14304f", "#1c4c7c", "#2f78b7"],
                history: "#161c24",
                fitted: "#56606c",
                mean: "#ffe08a",
                observation: "#d3dae2",
                threshold: "#ff9e64",
                path: "#d9c2ff",
                cursor: "#adbac7",
                chains: [
                    "#e69f00", "#e7a6d0", "#f0e442", "#3ddbb0", "#ff8a5c", "#ffffff",
                ],
                untrusted: "#d28b45",
                alarm: "#b62324",
                on_alarm: "#ffffff",
                warn: "#e3b341",
            },
        }
    }
}
