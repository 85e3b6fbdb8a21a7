//! What SQLite needs so that nothing removed is left in its files.

use std::str::FromStr as _;

use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use super::StoreError;

/// Empties SQLite's log into the file and cuts it off: it may hold pages as they were. With `compact`
/// the file is written anew, without free space. On PostgreSQL nothing: its vacuum does that.
pub async fn sweep(address: &str, compact: bool) -> Result<(), StoreError> {
    if !address.starts_with("sqlite:") {
        return Ok(());
    }
    let options =
        SqliteConnectOptions::from_str(address)?.busy_timeout(std::time::Duration::from_secs(30));
    let mut connection = options.connect().await?;
    if compact {
        sqlx::query("VACUUM").execute(&mut connection).await?;
    }
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}
