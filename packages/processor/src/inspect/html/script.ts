/**
 * What makes the page answer: draws curves, and moves all pictures along one time axis. It reads numbers only; every text of the
 * call stands in the page already. Without it, the timeline, causes and tables are there.
 */
export const SCRIPT = `
(()=>{'use strict';
const W=1600,body=document.body,duration=+body.dataset.duration,all=s=>[...document.querySelectorAll(s)];
const svgs=all('svg[data-h]'),ticks=all('.ticks span'),curves=all('svg.curve'),causes=all('[data-from]');
const range=document.getElementById('moment'),said=document.getElementById('said');
let from=0,width=W,at=0;
const two=n=>String(n).padStart(2,'0');
const clock=ms=>{const s=Math.max(0,Math.round(ms/1000)),h=Math.floor(s/3600),m=Math.floor(s/60)%60;return h?h+':'+two(m)+':'+two(s%60):m+':'+two(s%60)};
const data=new Map();
for(const svg of curves){
  const bytes=Uint8Array.from(atob(svg.dataset.v),c=>c.charCodeAt(0)),n=bytes.length/2,h=+svg.dataset.h,step=W/n;
  data.set(svg,bytes);
  const y=v=>(h-1-v/255*(h-2)).toFixed(1);
  let d='';
  for(let i=0;i<n;){
    if(bytes[2*i]>bytes[2*i+1]){i++;continue}
    let up='',down='',j=i;
    for(;j<n&&bytes[2*j]<=bytes[2*j+1];j++){const x=(j*step).toFixed(1),x2=((j+1)*step).toFixed(1);up+=(j===i?'M':'L')+x+' '+y(bytes[2*j+1])+'L'+x2+' '+y(bytes[2*j+1]);down='L'+x2+' '+y(bytes[2*j])+'L'+x+' '+y(bytes[2*j])+down}
    d+=up+down+'Z';i=j
  }
  svg.querySelector('path').setAttribute('d',d)
}
const cursors=all('.lanes').map(lanes=>{const line=document.createElement('div');line.className='cursor';lanes.append(line);return line});
function show(){
  for(const svg of svgs)svg.setAttribute('viewBox',from+' 0 '+width+' '+svg.dataset.h);
  for(const tick of ticks){const left=(+tick.dataset.x-from)/width*100;tick.hidden=left<0||left>97;tick.style.left=left+'%'}
  point(at)
}
function point(x){
  at=Math.max(0,Math.min(W,x));
  const ms=at/W*duration,left=(at-from)/width*100;
  for(const line of cursors){line.style.display=left<0||left>100?'none':'block';line.style.left=left+'%'}
  for(const svg of curves){
    const bytes=data.get(svg),n=bytes.length/2,i=Math.min(n-1,Math.floor(at/W*n)),b=+svg.dataset.bottom,t=+svg.dataset.top,v=k=>b+bytes[2*i+k]/255*(t-b);
    const cell=svg.closest('.plot').querySelector('b');
    cell.textContent=bytes[2*i]>bytes[2*i+1]?'–':(Math.round(v(1)*10)/10)+' '+svg.dataset.unit
  }
  const here=causes.filter(c=>+c.dataset.until-c.dataset.from<.8*duration&&ms>=+c.dataset.from-500&&ms<=+c.dataset.until+500).map(c=>c.dataset.says);
  said.textContent=clock(ms)+(here.length?' · '+here.join(' · '):'');
  range.value=Math.round(ms/1000);range.setAttribute('aria-valuetext',said.textContent)
}
function zoom(x0,x1){width=Math.max(W*2000/Math.max(4000,duration),Math.min(W,x1-x0));from=Math.max(0,Math.min(W-width,x0));show()}
const around=f=>zoom(at-width*f/2,at+width*f/2);
document.getElementById('in').onclick=()=>around(.5);
document.getElementById('out').onclick=()=>around(2);
document.getElementById('whole').onclick=()=>zoom(0,W);
document.getElementById('left').onclick=()=>zoom(from-width/2,from+width/2);
document.getElementById('right').onclick=()=>zoom(from+width/2,from+width*1.5);
range.oninput=()=>{const x=range.value*1000/duration*W;point(x);if(x<from||x>from+width)zoom(x-width/2,x+width/2)};
for(const cause of causes)cause.onclick=()=>{const a=+cause.dataset.from/duration*W,b=+cause.dataset.until/duration*W,room=Math.max(b-a,W*10000/duration);at=a;zoom(a-room,b+room);document.getElementById('pictures').scrollIntoView({block:'start'})};
let pressed;
const place=(lanes,e)=>{const box=lanes.getBoundingClientRect();return from+(e.clientX-box.left)/box.width*width};
for(const lanes of all('.lanes')){
  lanes.onpointermove=e=>point(place(lanes,e));
  lanes.onpointerdown=e=>{pressed=place(lanes,e)};
  lanes.onpointerup=e=>{const x=place(lanes,e);if(pressed!==undefined&&Math.abs(x-pressed)>width/60)zoom(Math.min(x,pressed),Math.max(x,pressed));pressed=undefined};
  lanes.ondblclick=()=>zoom(0,W);
  lanes.addEventListener('wheel',e=>{if(!e.ctrlKey)return;e.preventDefault();const x=place(lanes,e),f=e.deltaY<0?.8:1.25;zoom(x-(x-from)*f,x+(from+width-x)*f)},{passive:false})
}
show()
})();
`.trim();
