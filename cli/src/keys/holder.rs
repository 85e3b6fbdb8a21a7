//! `hcert keys root` and `hcert keys online`: keys of a trust list, which need no certificate.
//!
//! A threshold of the trust list is a number of signatures by distinct keys, as in The Update
//! Framework: each holder makes an own key, and no secret is ever split or brought together.

use hcert::pem;

use super::{
    args::{HolderArgs, Role},
    ceremony::{self, places},
    make, paper, passphrase, private, show,
    transcript::Entry,
};
use crate::{context::Context, fault::Fault, files};

/// Makes the key and says what was made.
pub(crate) fn run(args: &HolderArgs, role: Role, context: &Context) -> Result<(), Fault> {
    let name = args.name.trim();
    if !make::is_name(name) {
        return Err(Fault::Name);
    }
    let (key, public) = args.place.paths(role.name());
    let force = args.place.force;
    ceremony::check(&places(&[&key, &public], &args.paper), force, &args.record)?;
    let passphrase = passphrase::new(context, args.passphrase.passphrase_file.as_ref(), &key)?;
    let private = private::generate(args.algorithm.into())?;
    let spki = private.signer().spki();
    let sealed = private::seal(&private, &passphrase)?;
    let mut outputs = vec![
        ceremony::private(&key, sealed.clone(), force),
        ceremony::public(
            &public,
            pem::encode("PUBLIC KEY", &spki).into_bytes(),
            force,
        ),
    ];
    if let Some(path) = &args.paper {
        let sheet = paper::Sheet {
            role,
            name,
            spki: &spki,
            sealed: &sealed,
            made: context.now(),
        };
        outputs.push(ceremony::private(path, sheet.page(context)?, force));
    }
    let algorithm = private.signer().algorithm();
    let entry = Entry::new(&format!("keys {}", role.name()))
        .role(role)
        .with("holder", name)
        .with("algorithm", algorithm.name())
        .key(&spki);
    ceremony::write(outputs, entry, &args.record, context)?;

    let words = context.words();
    let (making, ceremony) = (words.making(), words.ceremony());
    let mut rows = vec![
        (ceremony.role, words.role(role).to_owned()),
        show::algorithm_row(algorithm, context),
        show::key_row(&spki, context),
        (ceremony.public_file, files::shown(&public)),
        (making.private_key, show::sealed(&key, context)),
    ];
    rows.extend(show::paper(&args.paper, context));
    let (answer, keep) = match role {
        Role::Root => (ceremony.root_made, making.keep_offline),
        _ => (ceremony.online_made, ceremony.keep_online),
    };
    let next = words.next_root(role, &files::shown(&public));
    show::report(
        &format!("{answer}: {name}"),
        &rows,
        &[keep.to_owned(), next],
    )
}
