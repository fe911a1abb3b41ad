using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Tokenization.ChatTemplates.Values;
using Impetus.Server.Hosting;
using Impetus.Server.Management;

namespace Impetus.Server.Cli;

/// <summary>
/// `impetus inspect prompt`: conversations into prompts. The template sees the line's members exactly as they are written; `tools`
/// and `documents` are none when they are absent, and a model's folder adds its special tokens.
/// </summary>
internal static class InspectPrompt
{
    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"];

    public static void AddTo(Command inspect, CommandStreams streams)
    {
        var command = new Command(
            "prompt",
            "Reads {\"messages\", \"tools\"?, \"documents\"?, \"add_generation_prompt\"?, … further variables of the template} and writes "
                + "{\"text\"} or {\"error\", \"line\"}, a line each.");
        var model = new ModelOption(command, required: false);
        var template = new Option<string?>("--template") { Description = "A Jinja file, in the place of a model.", HelpName = "file" };
        var now = new Option<string?>("--now") { Description = "The local time that strftime_now sees, such as 2026-03-07T14:05:09 (the real one).", HelpName = "time" };
        command.Options.Add(template);
        command.Options.Add(now);
        command.SetAction(async (parsed, cancel) =>
        {
            var time = ReadTime(parsed.GetValue(now));
            var render = (model.Folder(parsed), parsed.GetValue(template)) switch
            {
                ({ } folder, null) => OfModel(folder, time),
                (null, { } file) => OfFile(file, time),
                _ => throw new SettingsException("Name either a model with --model or a Jinja file with --template."),
            };
            await JsonLines.RunAsync(streams.Input, streams.Output, line => Task.FromResult(Answer(render, line)), cancel: cancel);
            return ExitCode.Ok;
        });
        inspect.Subcommands.Add(command);
    }

    private delegate string Render(Dictionary<string, TemplateValue> variables, bool hasTools);

    private static Render OfModel(string folder, Func<DateTime> now)
    {
        ChatTemplateLibrary templates;
        try
        {
            templates = ChatTemplateLibrary.LoadFolder(folder);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(fault.Message, fault);
        }

        return (variables, hasTools) =>
        {
            var template = templates.Find(hasTools: hasTools) ?? throw new JsonLineException($"{folder} has no chat template.");
            foreach (var (name, token) in templates.SpecialTokens)
                variables.TryAdd(name, token);
            return template.Render(variables, now());
        };
    }

    /// <summary>A file that is no template is every line's error, so that a faulty one can be looked at in the same way.</summary>
    private static Render OfFile(string file, Func<DateTime> now)
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        string source;
        try
        {
            source = File.ReadAllText(file, strict);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new SettingsException($"The template {file} cannot be read: {fault.Message}", fault);
        }

        var template = new Lazy<ChatTemplate>(() => ChatTemplate.Parse(source));
        return (variables, _) => template.Value.Render(variables, now());
    }

    private static Action<Utf8JsonWriter> Answer(Render render, JsonElement line)
    {
        try
        {
            var variables = TemplateVariables.FromJson(line);
            variables.TryAdd("tools", TemplateValue.None);
            variables.TryAdd("documents", TemplateValue.None);
            string text = render(variables, line.Member("tools") is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0);
            return json => json.WriteText("text", text);
        }
        catch (TemplateException fault)
        {
            return json =>
            {
                json.WriteText("error", fault.Message);
                if (fault.Line is { } at)
                    json.WriteNumber("line", at);
            };
        }
    }

    private static Func<DateTime> ReadTime(string? text)
    {
        if (text is null)
            return () => DateTime.Now;
        return DateTime.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? () => time
            : throw new SettingsException($"--now is '{text}'. Write a time such as 2026-03-07T14:05:09.");
    }
}
