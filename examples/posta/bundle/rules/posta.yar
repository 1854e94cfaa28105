rule Posta_Handoff_Client
{
    meta:
        description = "Program that speaks the hand-off protocol of the Posta gateway"
        reference = "https://posta.example/advisories/PSA-2026-001"
        date = "2026-11-02"
        confidence = "medium"
    strings:
        $route_handoff = "/handoff" ascii wide nocase
        $route_board = "/board" ascii wide nocase
        $field_ticket = "ticket" ascii wide
        $field_session = "session" ascii wide
    condition:
        filesize < 2MB and $route_handoff and $route_board and all of ($field_*)
}

rule Posta_Handoff_Takeover_Tool
{
    meta:
        description = "Hand-off client that derives the session id itself and goes on to export and purge"
        reference = "https://posta.example/advisories/PSA-2026-001"
        date = "2026-11-09"
        confidence = "high"
    strings:
        $banner = "posta-toy/" ascii wide
        $banner_escaped = "posta-toy\\/" ascii wide
        $digest_python = "hashlib.new" ascii
        $digest_web = "subtle.digest" ascii
        $digest_node = "createHash" ascii
        $route_export = "/export" ascii wide nocase
        $route_purge = "/purge" ascii wide nocase
        $role = "administrator" ascii wide
    condition:
        Posta_Handoff_Client and any of ($banner*) and any of ($digest_*) and all of ($route_*) and $role
}

rule Posta_Canary_Reader
{
    meta:
        description = "Looks for the canary mail of a Posta test gateway"
        reference = "https://posta.example/docs/hand-off"
        date = "2026-11-09"
        confidence = "low"
    strings:
        $canary = "posta canary" ascii wide nocase
        $folder = "restricted" ascii wide
        $mailbox_head = /\^From \.\*/ ascii
        $subject = "subject" ascii nocase
    condition:
        filesize < 2MB and $canary and $folder and ($mailbox_head or $subject)
}

rule Posta_Export_File
{
    meta:
        description = "Mail export written by a Posta gateway"
        reference = "https://posta.example/docs/hand-off"
        date = "2026-11-13"
        confidence = "medium"
    strings:
        $from = /From [a-z]+@[a-z.]+\n/ ascii
        $message_id = /Message-Id: <m-[0-9]+@/ ascii
        $subject = "Subject: " ascii
    condition:
        $from at 0 and for all of ($message_id, $subject) : (# > 0)
}
