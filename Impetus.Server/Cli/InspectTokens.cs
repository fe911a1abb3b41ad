using System.CommandLine;
using System.Text.Json;
using Impetus.Engine.Tokenization;
using Impetus.Server.Management;

namespace Impetus.Server.Cli;

/// <summary>`impetus inspect tokens`: texts into ids, tokens and offsets, and ids into texts.</summary>
internal static class InspectTokens
{
    public static void AddTo(Command inspect, CommandStreams streams)
    {
        var command = new Command(
            "tokens",
            "Reads {\"text\", \"pair\"?, \"add_special_tokens\"?} or {\"ids\", \"skip_special_tokens\"?} and writes {\"ids\", \"tokens\", \"offsets\"} "
                + "(in Unicode code points) or {\"text\"}, a line each.");
        var model = new ModelOption(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var tokenizer = Load(model.Folder(parsed)!);
            await JsonLines.RunAsync(streams.Input, streams.Output, line => Task.FromResult(Answer(tokenizer, line)), cancel: cancel);
            return ExitCode.Ok;
        });
        inspect.Subcommands.Add(command);
    }

    private static HfTokenizer Load(string folder)
    {
        try
        {
            return HfTokenizer.Load(folder);
        }
        catch (Exception fault) when (fault is TokenizerFormatException or IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(fault.Message, fault);
        }
    }

    private static Action<Utf8JsonWriter> Answer(HfTokenizer tokenizer, JsonElement line)
    {
        string? text = line.Text("text");
        if (line.Ids("ids") is { } ids)
        {
            if (text is not null)
                throw new JsonLineException("text is to be encoded and ids are to be decoded: send one of them.");
            string decoded = tokenizer.Decode(ids, line.Flag("skip_special_tokens") ?? false);
            return json => json.WriteText("text", decoded);
        }

        var encoding = tokenizer.Encode(
            text ?? throw new JsonLineException("text or ids is missing."), line.Text("pair"), line.Flag("add_special_tokens") ?? true);
        return json => Write(json, encoding);
    }

    private static void Write(Utf8JsonWriter json, TokenEncoding encoding)
    {
        json.WriteNumbers("ids", encoding.Ids);
        json.WriteList("tokens", encoding.Tokens, json.WriteStringValue);
        json.WriteList("offsets", encoding.Offsets, offset =>
        {
            json.WriteStartArray();
            json.WriteNumberValue(offset.Start);
            json.WriteNumberValue(offset.End);
            json.WriteEndArray();
        });
    }
}
