//! Which keys mean which action: the table of actions, with the keys that the person chose.

mod key;
mod names;

use crossterm::event::KeyEvent;

use super::action::{Action, BINDINGS, Binding, Key};
use super::state::View;
pub use names::{NAMES, Named};

/// The keys of every action of the table, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    keys: Vec<(Action, Vec<Key>)>,
}

/// A key that would mean two things at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    pub key: Key,
    pub view: View,
    pub actions: [Action; 2],
}

impl Default for Keymap {
    /// The keys of the table.
    fn default() -> Self {
        let mut keys: Vec<(Action, Vec<Key>)> = Vec::new();
        for action in BINDINGS.iter().flat_map(Binding::actions) {
            if !keys.iter().any(|(known, _)| *known == action) {
                keys.push((action, default_keys(action)));
            }
        }
        Self { keys }
    }
}

/// The keys of an action in the table.
fn default_keys(action: Action) -> Vec<Key> {
    let Some(binding) = BINDINGS.iter().find(|b| b.actions().contains(&action)) else {
        return Vec::new();
    };
    let own = binding.keys.iter().filter(|(_, means)| *means == action);
    own.map(|(key, _)| *key).collect()
}

impl Binding {
    /// The actions of a line, each once.
    pub fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        for (_, action) in self.keys {
            if !actions.contains(action) {
                actions.push(*action);
            }
        }
        actions
    }
}

impl Keymap {
    /// Gives an action these keys in place of those it has; none is right for an action that is
    /// not wanted.
    pub fn set(&mut self, action: Action, keys: Vec<Key>) {
        for (_, own) in self.keys.iter_mut().filter(|(known, _)| *known == action) {
            own.clone_from(&keys);
        }
    }

    /// The keys of an action.
    pub fn keys(&self, action: Action) -> &[Key] {
        let own = self.keys.iter().find(|(known, _)| *known == action);
        own.map_or(&[], |(_, keys)| keys)
    }

    /// The action that a key means in a view, if any.
    pub fn action(&self, event: KeyEvent, view: View) -> Option<Action> {
        let pressed = Key::of(event);
        self.actions_in(view)
            .map(|(action, _)| action)
            .find(|action| self.keys(*action).contains(&pressed))
    }

    /// The first key of each of these actions, as the screen shows them; `None` where one has
    /// no key.
    pub fn label(&self, actions: &[Action]) -> Option<String> {
        let first = |action: &Action| Some(self.keys(*action).first()?.label());
        let labels: Option<Vec<_>> = actions.iter().map(first).collect();
        labels.map(|labels| labels.join(" "))
    }

    /// Whether the keys of a line are those of the table.
    pub fn is_default(&self, binding: &Binding) -> bool {
        let mut actions = binding.actions().into_iter();
        actions.all(|action| self.keys(action) == default_keys(action))
    }

    /// A key that means two things in the same view, if there is one.
    pub fn conflict(&self) -> Option<Conflict> {
        for view in View::ALL.into_iter().chain([View::Present]) {
            let actions: Vec<_> = self.actions_in(view).collect();
            for (i, (first, own)) in actions.iter().enumerate() {
                let others = actions[i + 1..]
                    .iter()
                    .filter(|(other, others)| other != first && others == own);
                for (second, _) in others {
                    let mut keys = self.keys(*first).iter();
                    if let Some(key) = keys.find(|key| self.keys(*second).contains(key)) {
                        return Some(Conflict {
                            key: *key,
                            view,
                            actions: [*first, *second],
                        });
                    }
                }
            }
        }
        None
    }

    /// Actions of a view, and whether they are the presentation's own: those go before what it
    /// shares with other views.
    fn actions_in(&self, view: View) -> impl Iterator<Item = (Action, bool)> {
        let is_own = |binding: &Binding| binding.group.views == [View::Present];
        let part = move |own: bool| {
            BINDINGS
                .iter()
                .filter(move |b| b.group.views.contains(&view) && is_own(b) == own)
                .flat_map(Binding::actions)
                .map(move |action| (action, own))
        };
        part(true).chain(part(false))
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    fn press(keymap: &Keymap, name: &str, view: View) -> Option<Action> {
        let key = Key::parse(name).expect(name);
        keymap.action(KeyEvent::new(key.code, key.modifiers), view)
    }

    #[test]
    fn the_table_has_no_conflict() {
        assert_eq!(Keymap::default().conflict(), None);
    }

    #[test]
    fn every_key_of_the_table_means_its_action() {
        let keymap = Keymap::default();
        for binding in BINDINGS {
            assert!(keymap.is_default(binding), "{}", binding.label);
            for (key, action) in binding.keys {
                for view in binding.group.views {
                    // The presentation has keys of its own for what they mean elsewhere.
                    if *view == View::Present && binding.group.views.len() > 1 {
                        continue;
                    }
                    let event = KeyEvent::new(key.code, key.modifiers);
                    assert_eq!(keymap.action(event, *view), Some(*action), "{action:?}");
                }
            }
        }
    }

    #[test]
    fn every_action_of_the_table_has_one_name_and_every_name_an_action() {
        for action in BINDINGS.iter().flat_map(Binding::actions) {
            let names = NAMES.iter().filter(|named| named.action == action);
            assert_eq!(names.count(), 1, "{action:?}");
        }
        for (i, named) in NAMES.iter().enumerate() {
            assert!(!default_keys(named.action).is_empty(), "{}", named.name);
            let others = &NAMES[i + 1..];
            assert!(!others.iter().any(|other| other.name == named.name));
        }
    }

    #[test]
    fn a_presentation_takes_arrows_and_what_leaves_for_itself() {
        let keymap = Keymap::default();
        for (name, action) in [
            ("right", Some(Action::Future(1))),
            ("up", Some(Action::Interval(1))),
            ("q", Some(Action::EndPresent)),
            ("esc", Some(Action::EndPresent)),
            ("P", Some(Action::EndPresent)),
            ("tab", None),
            ("ctrl-c", Some(Action::Quit)),
            ("shift-right", Some(Action::Horizon(7))),
        ] {
            assert_eq!(press(&keymap, name, View::Present), action, "{name}");
        }
        let mut keymap = keymap;
        keymap.set(Action::MeanLine, vec![Key::parse("space").expect("a key")]);
        let conflict = keymap.conflict().expect("the futures have it");
        assert_eq!(conflict.view, View::Present);
    }

    #[test]
    fn modifiers() {
        let keymap = Keymap::default();
        let key = |code, modifiers| keymap.action(KeyEvent::new(code, modifiers), View::Forecast);
        for (code, modifiers, action) in [
            (KeyCode::Char('?'), KeyModifiers::SHIFT, Some(Action::Help)),
            (
                KeyCode::Char('c'),
                KeyModifiers::CONTROL,
                Some(Action::Quit),
            ),
            (KeyCode::Char('c'), KeyModifiers::NONE, Some(Action::Chains)),
            (
                KeyCode::Right,
                KeyModifiers::SHIFT,
                Some(Action::Horizon(7)),
            ),
            (
                KeyCode::BackTab,
                KeyModifiers::SHIFT,
                Some(Action::NextView(-1)),
            ),
            (
                KeyCode::BackTab,
                KeyModifiers::NONE,
                Some(Action::NextView(-1)),
            ),
            (KeyCode::Char('q'), KeyModifiers::ALT, None),
        ] {
            assert_eq!(key(code, modifiers), action, "{code:?} {modifiers:?}");
        }
    }

    #[test]
    fn chosen_keys_take_the_place_of_those_of_the_table() {
        let mut keymap = Keymap::default();
        let keys = ["x", "ctrl-x"].map(|name| Key::parse(name).expect(name));
        keymap.set(Action::Undo, keys.to_vec());
        // In every view that has the action.
        for view in [View::Forecast, View::Model] {
            for name in ["x", "ctrl-x"] {
                assert_eq!(press(&keymap, name, view), Some(Action::Undo));
            }
            assert_eq!(press(&keymap, "u", view), None);
        }
        assert_eq!(press(&keymap, "x", View::Checks), None);
        assert_eq!(keymap.label(&[Action::Undo]).as_deref(), Some("x"));
        assert_eq!(keymap.conflict(), None);
        keymap.set(Action::Undo, vec![]);
        assert_eq!(keymap.label(&[Action::Undo, Action::Seed]), None);
    }

    #[test]
    fn a_key_may_mean_two_things_in_different_views_only() {
        let mut keymap = Keymap::default();
        let right = Key::parse("right").expect("a key");
        assert_eq!(
            press(&keymap, "right", View::Model),
            Some(Action::Training(1))
        );
        keymap.set(Action::Export, vec![right]);
        let conflict = keymap.conflict().expect("the horizon has it");
        assert_eq!(conflict.key, right);
        assert_eq!(conflict.view, View::Forecast);
        assert_eq!(conflict.actions, [Action::Horizon(1), Action::Export]);
    }
}
