using System.Text;
using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>Reads the files of a model's folder that have to do with chat templates.</summary>
internal sealed class ChatTemplateFolder(string folder, TemplateLimits limits)
{
    private const long MaxJsonBytes = 64 << 20;
    private const int MaxTemplates = 64;

    private readonly Dictionary<string, ChatTemplate> _templates = new(StringComparer.Ordinal);

    public ChatTemplateLibrary Load()
    {
        using JsonDocument? config = ReadJson("tokenizer_config.json");
        using JsonDocument? map = ReadJson("special_tokens_map.json");
        if (!AddJinjaFiles() && !AddFromJson("chat_template.json") && config is not null)
            AddMember("tokenizer_config.json", config.RootElement);

        Dictionary<string, TemplateValue> tokens = new(StringComparer.Ordinal);
        foreach (JsonDocument? document in new[] { map, config })
            if (document is not null)
                SpecialTokens.AddTo(tokens, document.RootElement);
        return new ChatTemplateLibrary(_templates, tokens);
    }

    private bool AddJinjaFiles()
    {
        if (ReadText("chat_template.jinja", limits.MaxTemplateLength * 4L) is not { } source)
            return false;

        Add("default", source, "chat_template.jinja");
        string additional = Path.Combine(folder, "additional_chat_templates");
        if (Directory.Exists(additional))
            foreach (string file in Directory.EnumerateFiles(additional, "*.jinja").Order(StringComparer.Ordinal))
            {
                string relative = Path.Combine("additional_chat_templates", Path.GetFileName(file));
                Add(Path.GetFileNameWithoutExtension(file), ReadText(relative, limits.MaxTemplateLength * 4L)!, relative);
            }

        return true;
    }

    private bool AddFromJson(string file)
    {
        using JsonDocument? document = ReadJson(file);
        return document is not null && AddMember(file, document.RootElement);
    }

    /// <summary>Adds the template or templates of a member <c>chat_template</c>; false if there is none.</summary>
    private bool AddMember(string file, JsonElement json)
    {
        if (!json.TryGetProperty("chat_template", out JsonElement member))
            return false;

        switch (member.ValueKind)
        {
            case JsonValueKind.Null:
                return false;
            case JsonValueKind.String:
                Add("default", member.GetString()!, file);
                return true;
            case JsonValueKind.Array:
                foreach (JsonElement named in member.EnumerateArray())
                    Add(Text(file, named, "name"), Text(file, named, "template"), file);
                return true;
            case JsonValueKind.Object:
                foreach (JsonProperty named in member.EnumerateObject())
                    Add(named.Name, Text(file, member, named.Name), file);
                return true;
            default:
                throw Invalid(file, Expectation);
        }
    }

    private const string Expectation = "chat_template must be a text, or a list of objects with name and template";

    private string Text(string file, JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Invalid(file, Expectation);

    private void Add(string name, string source, string file)
    {
        if (_templates.Count >= MaxTemplates)
            throw Invalid(file, $"there are more than {MaxTemplates} chat templates");

        try
        {
            _templates[name] = ChatTemplate.Parse(source, limits);
        }
        catch (TemplateException error)
        {
            string where = error.Line is { } line ? $"line {line} of the template '{name}'" : $"the template '{name}'";
            throw Invalid(file, $"{where}: {error.Message}", error);
        }
    }

    private JsonDocument? ReadJson(string file)
    {
        if (ReadText(file, MaxJsonBytes) is not { } text)
            return null;

        try
        {
            JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw Invalid(file, "it must hold a JSON object");
        }
        catch (JsonException error)
        {
            throw Invalid(file, $"it is not valid JSON: {error.Message}", error);
        }
    }

    private string? ReadText(string file, long maxBytes)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
            return null;

        using FileStream stream = File.OpenRead(path);
        if (stream.Length > maxBytes)
            throw Invalid(file, $"it has {stream.Length} bytes; at most {maxBytes} are allowed");

        using StreamReader reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException error)
        {
            throw Invalid(file, "it is not valid UTF-8", error);
        }
    }

    private InvalidDataException Invalid(string file, string fault, Exception? cause = null) =>
        new($"{Path.Combine(folder, file)}: {fault}.", cause);
}
