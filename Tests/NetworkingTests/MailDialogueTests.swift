import Testing

@testable import Networking

@Suite("What a mail server says")
struct MailDialogueTests {
    private func dialogue(_ opening: [String], _ lines: [String] = []) -> MailDialogue {
        var dialogue = MailDialogue()
        for line in opening { receive(line, &dialogue) }
        if !lines.isEmpty { dialogue.begin() }
        for line in lines { receive(line, &dialogue) }
        return dialogue
    }

    private func receive(_ line: String, _ dialogue: inout MailDialogue) {
        let goesOn = dialogue.receive(Array((line + "\r\n").utf8))
        #expect(goesOn)
    }

    @Test("the login is good when 235 was said, and not before")
    func login() {
        #expect(!dialogue([]).isGreeted)
        #expect(!dialogue(["220 hi", "250-me", "250 AUTH PLAIN"]).isLoggedIn)
        #expect(dialogue(["220 hi", "250 me", "334 ", "235 welcome"]).isLoggedIn)
        #expect(!dialogue(["220 hi"], ["235 late"]).isLoggedIn)
    }

    @Test(
        "a login is refused by a refusal, and by a challenge where there is nothing more to say",
        arguments: [
            (["220 hi", "250 AUTH XOAUTH2", "535 no"], 535), (["220 hi", "334 eyJ9"], 334),
            (["220 hi", "250 AUTH CRAM-MD5"], nil), (["220 hi", "235 yes"], nil), ([], nil),
        ] as [([String], Int?)])
    func refusedLogin(opening: [String], status: Int?) {
        #expect(dialogue(opening).loginRefusal?.code == status)
    }

    @Test("joins the lines of a reply, and passes over what is none")
    func lines() {
        let dialogue = dialogue(["SSH-2.0", "", "22", "220-a", "junk", "220 b"])
        #expect(dialogue.opening == MailDialogue.Reply(code: 220, lines: ["a", "b"]))
    }

    @Test("a reply may be a code alone")
    func bare() {
        #expect(dialogue(["220"]).opening == MailDialogue.Reply(code: 220, lines: [""]))
    }

    @Test("gives each recipient its reply, and those not asked none")
    func recipients() {
        let whole = dialogue(["220 hi"], ["250 m", "250 a", "550 b", "354 go", "250 q"])
        #expect(whole.last(recipients: 2)?.code == 250)
        #expect(whole.reply(to: ["a", "b"])?.recipients.map(\.status) == [250, 550])
        #expect(whole.refusal(recipients: 2) == nil)

        let cut = dialogue(["220 hi"], ["250 m", "421 a"])
        #expect(cut.last(recipients: 2) == nil)
        #expect(cut.reply(to: ["a", "b"])?.recipients.map(\.status) == [421, 0])
        #expect(cut.refusal(recipients: 2)?.code == 421)
    }

    @Test(
        "the refusal that decides is told from the answer to QUIT",
        arguments: [
            (["554 m", "221 bye"], 554), (["451 m", "500 what"], 451),
            (["250 m", "550 a", "452 b", "221 bye"], 452),
            (["250 m", "550 a", "452 b", "250 bye"], 452),
            (["250 m", "550 a", "250 b", "451 d", "250 bye"], 451),
            (["250 m", "550 a", "250 b", "354 d", "554 e", "250 bye"], 554),
            (["250 m", "550 a", "250 b", "354 d", "250 e", "500 bye"], nil),
        ] as [([String], Int?)])
    func decision(lines: [String], status: Int?) {
        let dialogue = dialogue(["220 hi"], lines)
        #expect(dialogue.refusal(recipients: 2)?.code == status)
        #expect(dialogue.reply(to: ["a", "b"])?.status == status ?? 250)
    }

    @Test("does not let a server talk for ever")
    func bound() {
        var dialogue = MailDialogue()
        let line = Array("250-x".utf8)
        let goesOn = (0..<MailDialogue.mostLines).map { _ in dialogue.receive(line) }
        #expect(goesOn.allSatisfy { $0 })
        let goesOnStill = dialogue.receive(line)
        #expect(!goesOnStill)
    }
}
