using System.Globalization;
using System.Text.Json.Nodes;

namespace Impetus.Server.Http;

/// <summary>A range of numbers, both ends included.</summary>
internal readonly record struct Bounds(double Min, double Max)
{
    public bool Contains(double value) => value >= Min && value <= Max;

    public JsonObject Schema() => new() { ["type"] = "number", ["minimum"] = Min, ["maximum"] = Max };

    /// <summary>Such as <c>from 0 to 2</c>, as in "must be a number from 0 to 2".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"from {Min} to {Max}");
}
