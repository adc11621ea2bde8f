//! A writer: withdraws, and asks until that is enforced.

use std::rc::Rc;
use std::time::Duration;

use super::run::{Kind, Message, Socket, World};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) async fn run(world: Rc<World>) -> turmoil::Result {
    let socket = Socket::bind().await;
    loop {
        world.pause(600).await;
        let Some(revision) = ask(&world, &socket, Kind::Append, 0, 0).await else { continue };
        let mut deadline = 0;
        loop {
            match ask(&world, &socket, Kind::Stands, deadline, revision).await {
                Some(0) => break,
                Some(told) => deadline = told,
                None => {}
            }
        }
    }
}

async fn ask(world: &World, socket: &Socket, kind: Kind, id: u64, value: u64) -> Option<u64> {
    let number = world.number();
    socket.to_registry(Message { kind, id, number, value }).await;
    let answer = async {
        loop {
            let (message, _) = socket.receive().await;
            if message.number == number {
                return message.value;
            }
        }
    };
    tokio::time::timeout(PATIENCE, answer).await.ok()
}
