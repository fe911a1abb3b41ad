using System.Runtime.CompilerServices;
using System.Text;
using Impetus.Retrieval.Reading.Web;
using Markdig;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using MarkdigTable = Markdig.Extensions.Tables.Table;

namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>Markdown (CommonMark with tables, footnotes and front matter) as the text that a reader sees, without its marks; code stays as it is.</summary>
internal static class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseYamlFrontMatter().UsePipeTables().UseGridTables().UseFootnotes().UseTaskLists().UseMathematics().UseDefinitionLists().UseEmphasisExtras().Build();

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        string text = TextDecoder.DecodeInto(document, file.Bytes);
        try
        {
            foreach (Block block in Markdown.Parse(text, Pipeline))
                Write(block, document, "");
        }
        catch (ArgumentException)
        {
            // Markdig's answer to nesting beyond its limit.
            document.Warn("invalid_markdown", "This file is nested too deeply for Markdown; it was read as plain text.");
            document.Plain(text);
        }
    }

    private static void Write(Block block, DocumentBuilder document, string marker)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (block)
        {
            case YamlFrontMatterBlock front:
                FrontMatter(front, document);
                break;
            case HeadingBlock heading:
                document.Heading(heading.Level, Text(heading.Inline));
                break;
            case MathBlock math:
                document.Code(math.Lines.ToString());
                break;
            case CodeBlock code:
                document.Code(code.Lines.ToString());
                break;
            case HtmlBlock html:
                document.Paragraph(HtmlReader.TextOfFragment(html.Lines.ToString()));
                break;
            case MarkdigTable table:
                document.Table(table.OfType<TableRow>().Select(row => (IReadOnlyList<string>)[.. row.OfType<TableCell>().Select(Text)]));
                break;
            case ListBlock list:
                List(list, document);
                break;
            case FootnoteGroup notes:
                foreach (Footnote note in notes.OfType<Footnote>())
                    document.Note(Text(note));
                break;
            case LinkReferenceDefinitionGroup:
                break;
            case ContainerBlock container:
                foreach (Block inner in container)
                    Write(inner, document, marker);
                break;
            case LeafBlock { Inline: { } inline } when marker.Length > 0:
                document.ListItem(marker + Text(inline));
                break;
            case LeafBlock { Inline: { } inline }:
                document.Paragraph(Text(inline));
                break;
        }
    }

    private static void List(ListBlock list, DocumentBuilder document)
    {
        foreach (ListItemBlock item in list.OfType<ListItemBlock>())
        {
            string marker = list.IsOrdered ? $"{item.Order}. " : "- ";
            foreach (Block block in item)
            {
                Write(block, document, marker);
                marker = "";
            }
        }
    }

    private static string Text(ContainerBlock container)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return string.Join('\n', container.Select(block => block switch
        {
            LeafBlock { Inline: { } inline } => Text(inline),
            LeafBlock leaf => leaf.Lines.ToString(),
            ContainerBlock inner => Text(inner),
            _ => "",
        }));
    }

    private static string Text(ContainerInline? inline)
    {
        StringBuilder text = new();
        if (inline is not null)
            Append(text, inline);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ContainerInline container)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (Inline inline in container)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case MathInline math:
                    text.Append(math.Content.AsSpan());
                    break;
                case LineBreakInline lineBreak:
                    text.Append(lineBreak.IsHard ? '\n' : ' ');
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.AsSpan());
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case TaskList task:
                    text.Append(task.Checked ? "[x]" : "[ ]");
                    break;
                case ContainerInline inner:
                    Append(text, inner);
                    break;
            }
        }
    }

    // The simple part of YAML that front matter uses: one name and value a line.
    private static void FrontMatter(YamlFrontMatterBlock front, DocumentBuilder document)
    {
        foreach (ReadOnlySpan<char> line in front.Lines.ToString().AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon <= 0 || char.IsWhiteSpace(line[0]) || line[0] is '#' or '-')
                continue;
            string name = line[..colon].ToString().Trim().ToLowerInvariant();
            string value = Unquote(line[(colon + 1)..].Trim().ToString());
            if (name == "title")
                document.Title = value;
            else
                document.Metadata(name, value.Trim('[', ']'));
        }
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' ? value[1..^1] : value;
}
