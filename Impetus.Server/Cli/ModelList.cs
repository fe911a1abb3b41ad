using System.Text.Json;
using Impetus.Engine;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>All models as people read them: a terminal gets what its width holds, a file or a pipe all of it on one line a model.</summary>
internal static class ModelList
{
    // Id, state and size.
    private const int Least = 3;

    private static readonly (string Title, bool IsNumber)[] Columns =
        [("Model", false), ("State", false), ("Size", true), ("For", false), ("Context", true), ("Weights", false), ("From", false)];

    /// <param name="console">Where they are written.</param>
    /// <param name="models">The <c>data</c> of <c>GET /api/models</c>.</param>
    public static void Write(IAnsiConsole console, JsonElement models)
    {
        bool terminal = console.Profile.Out.IsTerminal;
        var list = new ColumnList(Least, terminal ? Columns : [.. Columns, ("Why not", false)]);
        foreach (var model in models.EnumerateArray())
            list.Add(terminal ? Cells(model) : [.. Cells(model), (ModelText.Of(model, "reason"), Style.Plain)]);
        list.Write(console);
        foreach (var model in terminal ? models.EnumerateArray().Where(model => !model.GetProperty("can_run").GetBoolean()) : [])
        {
            console.WriteLine();
            UnbrokenLine.Write(console, (ModelText.Of(model, "id"), Color.Yellow), (" cannot run:", Style.Plain));
            console.Write(new Padder(new Text(ModelText.Of(model, "reason")), new Padding(2, 0, 0, 0)));
        }
    }

    private static (string Text, Style Style)[] Cells(JsonElement model) =>
    [
        (ModelText.Of(model, "id"), Style.Plain),
        ModelText.State(model),
        (ByteCount.Text(model.GetProperty("size_bytes").GetInt64()), Style.Plain),
        (ModelText.Uses(model), Style.Plain),
        (ModelText.Context(model), Style.Plain),
        // The groups of a quantization are of use to few.
        (ModelText.Weights(model).Split(", groups")[0], Style.Plain),
        (ModelText.Of(model, "origin"), Style.Plain),
    ];
}
