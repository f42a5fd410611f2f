//! A config as the file that would say it.

use toml::Value;

use super::{COLORS, Config, THEMES};
use crate::explorer::action::{Action, BINDINGS};

/// Column of what an action does.
const WORDS: usize = 40;

impl Config {
    /// The config as TOML with comments, every setting and key included.
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "# What fanchart starts from; flags win over it.\n\
             \n\
             # Ground of the explorer's colours: \"auto\" asks the terminal, \"dark\", \"light\".\n\
             theme = {}\n\
             \n\
             # Colours: \"auto\" (what the terminal says it has), \"none\", \"16\", \"256\", \"true\".\n\
             colors = {}\n\
             \n\
             # Steps to forecast, 1 to 365, of the explorer, forecast, plot and report.\n\
             horizon = {}\n\
             \n\
             # Probability that the interval holds, like 0.94 or \"94%\", of the same.\n\
             interval = {}\n\
             \n\
             # Keys of the explorer: characters and left, right, up, down, enter, esc, tab, space,\n\
             # backspace, home, end, pageup, pagedown, insert, delete, f1 to f12, with ctrl-, alt-\n\
             # or shift- before them. [] takes an action's keys away.\n\
             [keys]\n",
            quoted(name_of(&THEMES, self.theme)),
            quoted(name_of(&COLORS, self.colors)),
            self.horizon,
            self.interval.get(),
        );
        let mut group = "";
        let mut written = Vec::new();
        for binding in BINDINGS {
            if binding.group.name != group {
                group = binding.group.name;
                text += &format!("# {group}\n");
            }
            for action in binding.actions() {
                // Some actions stand in several groups.
                if !written.contains(&action) {
                    text += &self.line(action);
                    written.push(action);
                }
            }
        }
        text
    }

    /// The line of an action's keys.
    fn line(&self, action: Action) -> String {
        let Some(named) = action.named() else {
            return String::new();
        };
        let keys = self
            .keymap
            .keys(action)
            .iter()
            .map(|key| quoted(&key.name()));
        let keys = keys.collect::<Vec<_>>().join(", ");
        let entry = format!("{} = [{keys}]", named.name);
        format!("{entry:<WORDS$} # {}\n", named.words)
    }
}

/// Text as a TOML string.
fn quoted(text: &str) -> String {
    Value::String(text.into()).to_string()
}

fn name_of<T: PartialEq>(values: &[(&'static str, T)], value: T) -> &'static str {
    let named = values.iter().find(|(_, known)| *known == value);
    named.map_or("auto", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::parse;
    use super::*;
    use crate::explorer::action::Key;
    use crate::explorer::keymap::{Keymap, NAMES};
    use crate::forecast::{Horizon, Probability};

    #[test]
    fn the_defaults_are_printed_as_they_are() {
        let text = Config::default().to_toml();
        assert_eq!(parse(&text), Ok(Config::default()));
        for line in [
            "theme = \"auto\"",
            "colors = \"auto\"",
            "horizon = 30",
            "interval = 0.94",
        ] {
            assert!(text.contains(&format!("\n{line}\n")), "{text}");
        }
        for named in NAMES {
            assert_eq!(text.matches(&format!("\n{} = [", named.name)).count(), 1);
        }
    }

    prop_compose! {
        /// Any config whose keys have no conflict.
        fn configs()(
            theme in 0..THEMES.len(),
            colors in 0..COLORS.len(),
            horizon in 1u32..=365,
            interval in 1e-9f64..1.0,
            changes in prop::collection::vec(
                (0..NAMES.len(), prop::collection::vec("(ctrl-|alt-)?[ -~]|shift-left|f[1-9]", 0..3)),
                0..4,
            ),
        ) -> Config {
            let mut keymap = Keymap::default();
            for (place, names) in changes {
                let mut keys: Vec<Key> = Vec::new();
                for key in names.iter().filter_map(|name| Key::parse(name).ok()) {
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
                let mut changed = keymap.clone();
                changed.set(NAMES[place].action, keys);
                let leaves = !changed.keys(Action::Quit).is_empty();
                if leaves && changed.conflict().is_none() {
                    keymap = changed;
                }
            }
            Config {
                theme: THEMES[theme].1,
                colors: COLORS[colors].1,
                horizon: Horizon::new(horizon).expect("within the limits"),
                interval: Probability::new(interval).expect("within the limits"),
                keymap,
            }
        }
    }

    proptest! {
        #[test]
        fn a_config_printed_is_the_config_read(config in configs()) {
            prop_assert_eq!(parse(&config.to_toml()), Ok(config));
        }
    }
}
