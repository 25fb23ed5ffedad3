using System.Globalization;
using Countersign.Outbox;

namespace Countersign.Texts;

/// <summary>
/// Writes the mail by which administrators learn that a user said of a request "this was not me". It is in English, as the system log is. What people, browsers and applications chose stands
/// in it on lines of its own, cut and on one line; nothing in it is a link.
/// </summary>
public static class ReportTexts
{
    /// <summary>The mail.</summary>
    /// <param name="report">The request.</param>
    /// <param name="user">Whose it was.</param>
    /// <param name="organization">The organization's name.</param>
    public static MailText Mail(ReportedRequest report, Addressee user, string organization)
    {
        var name = MessageTexts.Organization(organization);
        var facts = Facts(report, user);
        var subject = $"A sign-in request at {name} was reported";
        string[] lines =
        [
            $"A user of {name} was asked to confirm a sign-in and answered: this was not me. Nobody was let in by it.",
            "Somebody may know the user's password. Ask the user, and have the password changed.",
            "This is an automatic message. Please do not reply.",
        ];
        var text = $"{lines[0]}\n\n{string.Concat(facts.Select(fact => $"{fact.Name}: {fact.Value}\n"))}\n{lines[1]}\n\n{lines[2]}\n";
        var html = $"""
            <!DOCTYPE html>
            <html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{HtmlText.Encode(subject)}</title></head>
            <body><p>{HtmlText.Encode(lines[0])}</p>
            <table>{string.Concat(facts.Select(fact => $"<tr><th scope=\"row\" align=\"left\">{fact.Name}</th><td>{HtmlText.Isolate(fact.Value)}</td></tr>"))}</table>
            <p>{HtmlText.Encode(lines[1])}</p><p>{HtmlText.Encode(lines[2])}</p></body></html>
            """.ReplaceLineEndings("\n");
        return new MailText(subject, text, html);
    }

    private static List<(string Name, string Value)> Facts(ReportedRequest report, Addressee user)
    {
        var facts = new List<(string, string)>();
        Add("User", user.Login);
        Add("Name", $"{user.FirstName} {user.LastName}");
        Add("Time", report.Asked.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        Add("Device", report.Device);
        Add("Application", report.Application);
        Add("Address", report.Address);
        Add("Place", report.Place);
        Add("User agent", report.UserAgent);
        return facts;

        void Add(string name, string? value)
        {
            if (InsertedText.Line(value) is { } line) facts.Add((name, line));
        }
    }
}
