using System.Globalization;
using AngleSharp.Dom;
using Impetus.Retrieval.Reading.Web;
using MimeKit;

namespace Impetus.Retrieval.Reading.Mail;

/// <summary>
/// A mail message (RFC 5322, MIME): who, when and what about, then its body once, the plain alternative before the HTML one. Attached texts and
/// messages follow under their names; other attachments are only named.
/// </summary>
internal static class EmlReader
{
    private const int MaxNesting = 5;

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        MimeMessage message;
        try
        {
            using Stream stream = file.OpenStream();
            message = MimeMessage.Load(stream);
        }
        catch (FormatException fault)
        {
            throw ReadException.Damaged("it is not a mail message", fault);
        }
        document.Title = message.Subject;
        document.Metadata("author", message.From.ToString());
        document.Metadata("to", message.To.ToString());
        if (message.Date != DateTimeOffset.MinValue)
            document.Metadata("created", message.Date.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
        Write(message, file, document, nesting: 0);
    }

    private static void Write(MimeMessage message, SourceFile file, DocumentBuilder document, int nesting)
    {
        if (!string.IsNullOrWhiteSpace(message.Subject))
            document.Heading(nesting + 1, message.Subject);
        document.Paragraph(Header("From", message.From) + Header("To", message.To) + Header("Cc", message.Cc)
            + (message.Date == DateTimeOffset.MinValue ? "" : message.Date.ToString("'Date: 'yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)));
        if (message.TextBody is { } text && Prose.HasWords(text))
            document.Plain(text);
        else if (message.HtmlBody is { } html)
            Html(html, file, document);
        foreach (MimeEntity attachment in message.Attachments)
            Attachment(attachment, file, document, nesting);
    }

    private static void Attachment(MimeEntity attachment, SourceFile file, DocumentBuilder document, int nesting)
    {
        string name = attachment.ContentDisposition?.FileName ?? attachment.ContentType.Name ?? "attachment";
        document.Attachment(name);
        switch (attachment)
        {
            case MessagePart { Message: { } inner } when nesting < MaxNesting:
                Write(inner, file, document, nesting + 1);
                break;
            case TextPart part when part.IsPlain || part.IsHtml:
                document.Heading(nesting + 2, name);
                if (part.IsHtml)
                    Html(part.Text, file, document);
                else
                    document.Plain(part.Text);
                break;
            default:
                document.Warn("attachment_skipped", $"The attachment \"{name}\" was not read. Add it as a file of its own.");
                break;
        }
    }

    private static string Header(string name, InternetAddressList addresses) => addresses.Count == 0 ? "" : $"{name}: {addresses}\n";

    private static void Html(string html, SourceFile file, DocumentBuilder document)
    {
        if (HtmlReader.Parse(html).Body is { } body)
            new HtmlWalker(document, file.Budget, _ => false).Walk(body);
    }
}
