using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>What the server's routes tell of a model, in words.</summary>
internal static class ModelText
{
    /// <summary>A text without control characters; empty where there is none.</summary>
    public static string Of(JsonElement model, string name) =>
        model.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? TerminalText.OneLine(value.GetString()!) : "";

    /// <summary>What a model of <c>/api/models</c> does in memory, and its colour.</summary>
    public static (string Text, Style Colour) State(JsonElement model)
    {
        if (!model.GetProperty("can_run").GetBoolean())
            return ("cannot run", Color.Yellow);
        var resident = model.GetProperty("resident");
        return Of(model, "state") switch
        {
            "ready" => (resident.GetProperty("in_flight").GetInt32() > 0 ? "busy" : "in memory", Color.Green),
            "loading" => (Loading(resident), Color.Blue),
            "unloading" => ("unloading", Color.Blue),
            "failed" => ("failed", Color.Red),
            _ => ("on disk", Color.Grey),
        };
    }

    /// <summary>That it is loading, and how far it is where its size is known.</summary>
    public static string Loading(JsonElement resident) => resident.GetProperty("total_bytes").GetInt64() is > 0 and var total
        ? string.Create(CultureInfo.InvariantCulture, $"loading {100.0 * resident.GetProperty("memory_bytes").GetInt64() / total:0} %")
        : "loading";

    /// <summary>Such as <c>chat, completion</c>.</summary>
    public static string Uses(JsonElement model) => string.Join(", ", model.GetProperty("uses").EnumerateArray().Select(use => use.GetString()));

    /// <summary>What is known of architecture and format.</summary>
    public static string Weights(JsonElement model) =>
        string.Join(", ", new[] { Of(model, "architecture"), Of(model, "quantization") }.Where(part => part is not ("" or "unknown")));

    /// <summary>Tokens; empty where that is not said.</summary>
    public static string Context(JsonElement model) => model.GetProperty("context_length") is { ValueKind: JsonValueKind.Number } tokens ? tokens.GetRawText() : "";
}
