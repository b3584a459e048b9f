"""The shader of the OpenGL view (GLSL 1.20): a small picture, made large, sharp and lit.

Enlarging goes in two moves. First the place that is looked up shifts away from the middle of an
edge, where the slope is steepest, which makes edges thin again without bright or dark seams beside
them (warp sharpening, Arad and Gotsman 1999). Then a bicubic filter (Catmull and Rom) reads the
picture there, in nine bilinear reads instead of sixteen.
"""

VERTEX = """
#version 120
attribute vec2 corner;
uniform mat4 placing;
uniform vec4 part;
uniform vec4 crop;
varying vec2 at;
varying vec2 place;
void main() {
    place = 2.0 * (part.xy + part.zw * corner) - 1.0;
    at = crop.xy + crop.zw * corner;
    vec4 seen = placing * vec4(corner, 0.0, 1.0);
    gl_Position = vec4(2.0 * seen.x - seen.w, seen.w - 2.0 * seen.y, 0.0, seen.w);
}
"""

FRAGMENT = """
#version 120
uniform sampler2D picture;
uniform vec2 texels;
uniform vec3 to_red;
uniform vec3 to_green;
uniform vec3 to_blue;
uniform float flash;
uniform float vignette;
uniform vec3 bloom;
uniform vec4 breath_box[4];
uniform vec3 breath_colour[4];
varying vec2 at;
varying vec2 place;

float luma(vec2 p) {
    return dot(texture2D(picture, p / texels).rgb, vec3(0.2126, 0.7152, 0.0722));
}

float slope(float left, float right, float above, float below) {
    return length(vec2(right - left, below - above));
}

vec2 thinned(vec2 p) {
    float s = 0.75;
    float a1 = luma(p + s * vec2(-0.5, -1.5)), a2 = luma(p + s * vec2(0.5, -1.5));
    float b0 = luma(p + s * vec2(-1.5, -0.5)), b1 = luma(p + s * vec2(-0.5, -0.5));
    float b2 = luma(p + s * vec2(0.5, -0.5)), b3 = luma(p + s * vec2(1.5, -0.5));
    float c0 = luma(p + s * vec2(-1.5, 0.5)), c1 = luma(p + s * vec2(-0.5, 0.5));
    float c2 = luma(p + s * vec2(0.5, 0.5)), c3 = luma(p + s * vec2(1.5, 0.5));
    float d1 = luma(p + s * vec2(-0.5, 1.5)), d2 = luma(p + s * vec2(0.5, 1.5));
    float e11 = slope(b0, b2, a1, c1), e12 = slope(b1, b3, a2, c2);
    float e21 = slope(c0, c2, b1, d1), e22 = slope(c1, c3, b2, d2);
    vec2 uphill = vec2(e12 + e22 - e11 - e21, e21 + e22 - e11 - e12);
    float steep = length(uphill);
    return p - uphill / max(steep, 1e-4) * min(1.3 * steep, 0.5);
}

vec3 bicubic(vec2 p) {
    vec2 centre = floor(p - 0.5) + 0.5;
    vec2 f = p - centre;
    vec2 w0 = f * (-0.5 + f * (1.0 - 0.5 * f));
    vec2 w1 = 1.0 + f * f * (-2.5 + 1.5 * f);
    vec2 w2 = f * (0.5 + f * (2.0 - 1.5 * f));
    vec2 w3 = f * f * (-0.5 + 0.5 * f);
    vec2 w12 = w1 + w2;
    vec2 t0 = (centre - 1.0) / texels;
    vec2 t12 = (centre + w2 / w12) / texels;
    vec2 t3 = (centre + 2.0) / texels;
    vec3 top = texture2D(picture, vec2(t0.x, t0.y)).rgb * w0.x
             + texture2D(picture, vec2(t12.x, t0.y)).rgb * w12.x
             + texture2D(picture, vec2(t3.x, t0.y)).rgb * w3.x;
    vec3 middle = texture2D(picture, vec2(t0.x, t12.y)).rgb * w0.x
                + texture2D(picture, vec2(t12.x, t12.y)).rgb * w12.x
                + texture2D(picture, vec2(t3.x, t12.y)).rgb * w3.x;
    vec3 bottom = texture2D(picture, vec2(t0.x, t3.y)).rgb * w0.x
                + texture2D(picture, vec2(t12.x, t3.y)).rgb * w12.x
                + texture2D(picture, vec2(t3.x, t3.y)).rgb * w3.x;
    return clamp(top * w0.y + middle * w12.y + bottom * w3.y, 0.0, 1.0);
}

void main() {
    vec3 seen = bicubic(thinned(at * texels));
    seen = vec3(dot(seen, to_red), dot(seen, to_green), dot(seen, to_blue));
    for (int i = 0; i < 4; i++) {
        vec2 off = (at - breath_box[i].xy) / breath_box[i].zw;
        seen += (1.0 - min(seen, 1.0)) * breath_colour[i] * exp(-4.0 * dot(off, off));
    }
    float away = length(place) * 0.70710678;
    seen += (1.0 - min(seen, 1.0)) * bloom * flash * exp(-2.6 * away * away);
    seen *= 1.0 - vignette * pow(max(away - 0.42, 0.0) / 0.58, 1.6);
    // Noise of less than one level keeps slow gradients from showing as bands.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    gl_FragColor = vec4(seen + (noise - 0.5) / 255.0, 1.0);
}
"""
