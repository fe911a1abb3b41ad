using System.IO.Compression;
using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Tokenization.ChatTemplates.Values;
using Impetus.Tests;

namespace Impetus.Engine.Tests.ChatTemplates;

/// <summary>One line of the reference results: variables, and what the reference made of them.</summary>
internal sealed record GoldenCase(string Name, string Template, Dictionary<string, TemplateValue> Variables, JsonElement Expected)
{
    /// <summary>The clock that the reference saw.</summary>
    private static readonly DateTime Now = new(2026, 3, 7, 14, 5, 9);

    /// <summary>The folders of real templates.</summary>
    public static IEnumerable<string> Models() => Directory.GetDirectories(Fixture.Path("templates"))
        .Select(folder => Path.GetFileName(folder)).Where(static name => name != "language").Order();

    /// <summary>The files of small templates, those that people wrote and those that chance did.</summary>
    public static IEnumerable<string> Groups() => new[] { Fixture.Path("templates", "language"), Fixture.Path("templates-random") }
        .SelectMany(static folder => Directory.GetFiles(folder, "*.jsonl.gz"))
        .Select(static file => Path.GetRelativePath(Fixture.Path(), file)).Order();

    public static IEnumerable<GoldenCase> OfModel(string model)
    {
        string template = File.ReadAllText(Fixture.Path("templates", model, "template.jinja"));
        return Lines(Fixture.Path("templates", model, "cases.jsonl.gz")).Select(line =>
        {
            Dictionary<string, TemplateValue> variables = TemplateVariables.FromJson(line.GetProperty("extra"));
            foreach (string name in new[] { "messages", "tools", "documents", "add_generation_prompt" })
                variables[name] = TemplateValue.FromJson(line.GetProperty(name));
            return new GoldenCase($"{model}/{line.GetProperty("name").GetString()}", template, variables, line);
        });
    }

    public static IEnumerable<GoldenCase> OfGroup(string group) =>
        Lines(Fixture.Path(group)).Select(static line => new GoldenCase(
            line.GetProperty("name").GetString()!,
            line.GetProperty("template").GetString()!,
            TemplateVariables.FromJson(line.GetProperty("context")),
            line));

    /// <summary>What differs from the reference; null if nothing does.</summary>
    public string? Difference(ChatTemplate? parsed = null)
    {
        string? expected = Text("rendered");
        try
        {
            string rendered = (parsed ?? ChatTemplate.Parse(Template)).Render(Variables, Now);
            return rendered == expected ? null : $"{Name}: {Quote(Template)}\n  expected {Quote(expected ?? "error: " + Text("error"))}\n  rendered {Quote(rendered)}";
        }
        catch (TemplateException error)
        {
            return expected is null && HasExpectedMessage(error) && HasExpectedLine(error)
                ? null
                : $"{Name}: {Quote(Template)}\n  expected {Quote(expected ?? "error: " + Text("error"))} at {Expected.GetRawText()[^10..]}\n  error {error.Kind} {Quote(error.Message)} at {error.Line}";
        }
    }

    private bool HasExpectedMessage(TemplateException error)
    {
        bool isRaised = Text("error_type") == "TemplateError";
        return isRaised == (error.Kind == TemplateErrorKind.Raised) && (!isRaised || error.Message == Text("error"));
    }

    private bool HasExpectedLine(TemplateException error) =>
        Expected.GetProperty("line") is not { ValueKind: JsonValueKind.Number } line || line.GetInt32() == error.Line;

    private string? Text(string name) => Expected.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static string Quote(string text) => JsonSerializer.Serialize(text.Length > 2000 ? text[..2000] : text);

    private static IEnumerable<JsonElement> Lines(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return JsonElement.Parse(line);
    }
}
