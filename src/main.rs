use std::process::ExitCode;

fn main() -> ExitCode {
    fanchart::commands::main()
}
